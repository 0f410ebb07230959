package io.nightshift.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/**
 * Does harmless things so that the classes of most commands are loaded when the process ends: the launcher keeps them in
 * a class-data archive, which halves the time that a command takes to start. Touches no database.
 */
final class Training {

    /** Nobody listens there: the driver is loaded, and refused. */
    private static final String NOBODY = "postgresql://nobody@127.0.0.1:1/nowhere";

    /** What commands load as soon as a connection stands, which is further than we go here. */
    private static final String LIBRARY_CLASSES = "library-classes.txt";

    private static final String SUFFIX = ".class";

    private Training() {}

    static void run() {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
        Program.run(nowhere, nowhere, "--help");
        Program.run(nowhere, nowhere, "run", "--help");
        Path home = temporary();
        try {
            Program.run(nowhere, nowhere, "check", "--files-only", "--json", "--home", home.toString());
            Program.run(nowhere, nowhere, "init", "--empty", "--home", home.toString());
            System.setProperty("nightshift.database.url", NOBODY);
            Program.run(nowhere, nowhere, "history", "--home", home.toString());
            ownClasses().forEach(Training::load);
            libraryClasses().forEach(Training::load);
        } finally {
            remove(home);
        }
    }

    private static List<String> ownClasses() {
        Path jar = Path.of(URI.create(Training.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toString()));
        if (!Files.isRegularFile(jar)) {
            return List.of();
        }
        try (JarFile classes = new JarFile(jar.toFile())) {
            return classes.stream()
                    .map(JarEntry::getName)
                    .filter(name -> name.startsWith("io/nightshift/") && name.endsWith(SUFFIX))
                    .map(name ->
                            name.substring(0, name.length() - SUFFIX.length()).replace('/', '.'))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> libraryClasses() {
        try (InputStream in = Objects.requireNonNull(Training.class.getResourceAsStream(LIBRARY_CLASSES))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A class that only some Javas see crashes Java 17 when it comes from an archive and the flight recorder is on. */
    private static void load(String name) {
        ClassLoader loader = Training.class.getClassLoader();
        URL file = loader.getResource(name.replace('.', '/') + SUFFIX);
        if (file == null || file.toString().contains("META-INF/versions")) {
            return;
        }
        try {
            Class.forName(name, false, loader);
        } catch (ClassNotFoundException | LinkageError moved) {
            // One class fewer in the archive; the program does without.
        }
    }

    private static Path temporary() {
        try {
            return Files.createTempDirectory("nightshift-training-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void remove(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException left) {
            // In the system's directory for temporary files: it cleans up by itself.
        }
    }
}
