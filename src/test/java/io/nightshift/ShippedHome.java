package io.nightshift;

import io.nightshift.content.Home;
import io.nightshift.content.Settings;
import io.nightshift.database.Database;
import io.nightshift.migrate.Migrations;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** A copy of the jobs, mappers and migrations of this repository on a database of its own, migrated. */
public final class ShippedHome {

    private ShippedHome() {}

    /** The names of the shipped jobs. */
    public static List<String> jobs() {
        try (Stream<Path> files = Files.list(Path.of("jobs"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".yml"))
                    .map(name -> name.substring(0, name.length() - ".yml".length()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @param edit what becomes of the text of each job file */
    public static Home on(TestDatabase database, Path directory, UnaryOperator<String> edit) {
        TestHome copy = TestHome.in(directory);
        for (String folder : List.of("jobs", "mappers", "migrations")) {
            try (Stream<Path> files = Files.walk(Path.of(folder))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    String text = Files.readString(file);
                    copy.with(file.toString(), file.toString().endsWith(".yml") ? edit.apply(text) : text);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        Home home = copy.on(database).home();
        try (Database opened = Database.open(home, Settings.of(home), Database.Access.WRITE)) {
            Migrations.up(opened, home);
        }
        return home;
    }
}
