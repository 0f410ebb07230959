package io.nightshift.content;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ByteArrayResource;

/**
 * The names of all settings, as the shipped {@code config/application.yml} lists them. A test holds that file against
 * the records that settings are bound to, so it can be trusted to be complete.
 */
record KnownSettings(Set<String> names) {

    static KnownSettings shipped() {
        byte[] text = ShippedContent.settings().text().getBytes(StandardCharsets.UTF_8);
        try {
            List<PropertySource<?>> sources =
                    new YamlPropertySourceLoader().load("shipped", new ByteArrayResource(text));
            return new KnownSettings(sources.stream()
                    .map(source -> (EnumerablePropertySource<?>) source)
                    .flatMap(source -> Arrays.stream(source.getPropertyNames()))
                    .map(KnownSettings::withoutIndex)
                    .collect(Collectors.toCollection(TreeSet::new)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean has(String name) {
        return names.stream().map(KnownSettings::spoken).anyMatch(spoken(name)::equals);
    }

    /** Whether a variable begins like the settings of one feature; others that begin with our name are not settings. */
    boolean ofSomeFeature(String name) {
        return names.stream()
                .filter(known -> known.indexOf('.') < known.lastIndexOf('.'))
                .map(known -> known.substring(0, known.lastIndexOf('.')))
                .anyMatch(feature -> spoken(name).startsWith(spoken(feature)));
    }

    /** The names that may have been meant: those of the same feature, or all. */
    Set<String> near(String name) {
        String feature = name.substring(0, name.lastIndexOf('.') + 1);
        Set<String> siblings =
                names.stream().filter(known -> known.startsWith(feature)).collect(Collectors.toSet());
        return siblings.isEmpty() ? names : siblings;
    }

    static String withoutIndex(String name) {
        return name.replaceAll("\\[\\d+]", "").replaceAll("_\\d+$", "");
    }

    /** What is left of a name in every spelling that Spring Boot accepts. */
    private static String spoken(String name) {
        return withoutIndex(name).toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
    }
}
