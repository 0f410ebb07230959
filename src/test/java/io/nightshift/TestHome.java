package io.nightshift;

import io.nightshift.content.Home;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes a home for a test.
 *
 * <pre>{@code
 * Home home = TestHome.in(directory)
 *         .with("jobs/load-users.yml", "...")
 *         .on(database)
 *         .home();
 * }</pre>
 */
public record TestHome(Path root) {

    /** An empty home at a directory, usually a {@code @TempDir}, that nobody else can write. */
    public static TestHome in(Path root) {
        return new TestHome(root);
    }

    /** Writes one file, its folders included. */
    public TestHome with(String path, String text) {
        try {
            Path file = root.resolve(path);
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Lets it work on a database, with further lines below {@code nightshift:} if there are any. */
    public TestHome on(TestDatabase database, String... furtherSettings) {
        StringBuilder settings = new StringBuilder("nightshift:\n");
        for (String line : furtherSettings) {
            settings.append("  ").append(line).append('\n');
        }
        settings.append("  database:\n    url: \"").append(database.url()).append("\"\n");
        return with("config/application.yml", settings.toString());
    }

    public Home home() {
        return Home.at(root);
    }
}
