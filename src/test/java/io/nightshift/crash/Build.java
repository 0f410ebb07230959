package io.nightshift.crash;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A build of the program that processes are started from.
 *
 * @param classPath what goes to {@code -cp}
 * @param archive   of class data, which halves the time of a start
 */
record Build(String classPath, Path archive) {

    private static final Path PLACE = Path.of("target", "crash").toAbsolutePath();

    /** They cost less time at the start; nothing here runs long enough for the better compiler. */
    private static final List<String> QUICK = List.of(
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-XX:+UnlockDiagnosticVMOptions",
            "-XX:-BytecodeVerificationRemote",
            "-Xmx256m",
            "-Xshare:auto",
            "-Xlog:cds=off,cds+dynamic=off");

    /** The program as it was compiled for the tests, in a jar: class data of folders is not kept. */
    static Build current() {
        try {
            Files.createDirectories(PLACE);
            long pid = ProcessHandle.current().pid();
            Path jar = PLACE.resolve("nightshift-" + pid + ".jar");
            pack(compiled(), jar);
            Build build = new Build(jar + File.pathSeparator + libraries(), PLACE.resolve("classes-" + pid + ".jsa"));
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                jar.toFile().delete();
                build.archive().toFile().delete();
            }));
            return build;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same with some classes put before those of the program. */
    Build with(Path classes) {
        return new Build(classes + File.pathSeparator + classPath, classes.resolveSibling("classes.jsa"));
    }

    /** How a process of it begins; the first one keeps its class data for the others. */
    List<String> command() {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(QUICK);
        if (Files.exists(archive)) {
            command.add("-XX:SharedArchiveFile=" + archive);
        }
        command.addAll(List.of("-cp", classPath, "io.nightshift.Nightshift"));
        return command;
    }

    /** A command whose classes are kept: one that ends by itself, and does what the others will do. */
    List<String> training() {
        List<String> command = command();
        command.add(1, "-XX:ArchiveClassesAtExit=" + archive);
        return command;
    }

    private static Path compiled() {
        return entries()
                .filter(entry -> entry.endsWith("classes") && !entry.endsWith("test-classes"))
                .map(Path::of)
                .findFirst()
                .orElseThrow();
    }

    static String libraries() {
        return entries().filter(entry -> entry.endsWith(".jar")).collect(Collectors.joining(File.pathSeparator));
    }

    private static Stream<String> entries() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator));
    }

    private static void pack(Path folder, Path jar) throws IOException {
        try (OutputStream file = Files.newOutputStream(jar);
                ZipOutputStream zip = new ZipOutputStream(file);
                Stream<Path> files = Files.walk(folder)) {
            zip.setLevel(1);
            for (Path path : files.filter(path -> !path.equals(folder)).sorted().toList()) {
                // Folders too: classes are looked for in them.
                boolean directory = Files.isDirectory(path);
                zip.putNextEntry(new ZipEntry(folder.relativize(path) + (directory ? "/" : "")));
                if (!directory) {
                    Files.copy(path, zip);
                }
                zip.closeEntry();
            }
        }
    }
}
