package io.nightshift.content;

import java.util.List;
import java.util.stream.Stream;

/** The home that is shipped with the program, to make a new one of. */
public final class ShippedHome {

    private ShippedHome() {}

    /** Every file of it, with its path in the home. */
    public static List<ContentFile> files() {
        ShippedContent content = new ShippedContent();
        return Stream.of("jobs", "mappers", "migrations", "config")
                .flatMap(folder -> content.files(folder, path -> true).stream())
                .toList();
    }

    /** {@code config/application.yml}: every setting with its default. */
    public static ContentFile settings() {
        return ShippedContent.settings();
    }
}
