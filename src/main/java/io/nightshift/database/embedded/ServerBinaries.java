package io.nightshift.database.embedded;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.springframework.util.FileSystemUtils;
import org.tukaani.xz.XZInputStream;

/**
 * The programs of the server, unpacked once per folder from the archive in the class path. The caller holds the folder's
 * start lock.
 */
record ServerBinaries(Path directory) {

    private static final String PREFIX = "server-";

    /** Unpacks what is not there yet and takes away what an earlier version of this program has unpacked. */
    static ServerBinaries in(Path folder) {
        URL archive = archive(folder);
        try {
            Path directory = folder.resolve(PREFIX + version(archive));
            if (!Files.isDirectory(directory)) {
                removeOthers(folder);
                Path draft = folder.resolve(PREFIX + "new");
                unpack(archive, draft);
                Files.move(draft, directory, StandardCopyOption.ATOMIC_MOVE);
            }
            return new ServerBinaries(directory);
        } catch (IOException e) {
            throw EmbeddedProblem.at(
                    folder,
                    "the embedded server cannot be unpacked here (" + e.getMessage() + ").",
                    "It needs 60 MB. " + EmbeddedProblem.ELSEWHERE);
        }
    }

    String program(String name) {
        return directory.resolve("bin").resolve(name).toString();
    }

    private static URL archive(Path folder) {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("mac") ? "darwin" : "linux";
        String machine = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        List<String> names =
                switch (machine) {
                    case "amd64", "x86_64" -> List.of("x86_64");
                    case "aarch64", "arm64" -> List.of("arm_64", "arm64v8", "aarch64");
                    default -> List.of(machine);
                };
        return names.stream()
                .map(name -> ServerBinaries.class.getResource("/postgres-%s-%s.txz".formatted(system, name)))
                .filter(Objects::nonNull)
                .findFirst()
                .orElseThrow(() -> EmbeddedProblem.at(
                        folder,
                        "this program has no embedded server for %s on %s.".formatted(system, machine),
                        "Build it on this machine. " + EmbeddedProblem.ELSEWHERE));
    }

    /** The archive carries no version of its own; its checksum in the jar tells one from another without reading it. */
    private static String version(URL archive) throws IOException {
        URLConnection connection = archive.openConnection();
        long mark = connection instanceof JarURLConnection jar
                ? jar.getJarEntry().getCrc()
                : connection.getContentLengthLong();
        return Long.toHexString(mark);
    }

    private static void removeOthers(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            for (Path entry : entries.filter(
                            path -> path.getFileName().toString().startsWith(PREFIX) && Files.isDirectory(path))
                    .toList()) {
                FileSystemUtils.deleteRecursively(entry);
            }
        }
    }

    private static void unpack(URL archive, Path target) throws IOException {
        try (InputStream bytes = new BufferedInputStream(archive.openStream());
                TarArchiveInputStream tar = new TarArchiveInputStream(new XZInputStream(bytes))) {
            Files.createDirectories(target);
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                write(entry, tar, inside(target, entry.getName()));
            }
        }
    }

    private static void write(TarArchiveEntry entry, InputStream content, Path path) throws IOException {
        if (entry.isDirectory()) {
            Files.createDirectories(path);
            return;
        }
        Files.createDirectories(path.getParent());
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
            return;
        }
        Files.copy(content, path);
        boolean executable = (entry.getMode() & 0100) != 0;
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(executable ? "rwx------" : "rw-------"));
    }

    private static Path inside(Path target, String name) {
        Path path = target.resolve(name).normalize();
        if (!path.startsWith(target)) {
            throw new UncheckedIOException(new IOException("the archive names " + name + ", outside of itself"));
        }
        return path;
    }
}
