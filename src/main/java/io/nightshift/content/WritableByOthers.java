package io.nightshift.content;

import io.nightshift.problem.ExitCode;
import io.nightshift.problem.ProblemException;
import io.nightshift.problem.Problems;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Finds what other users of the machine could change in a home. File systems without such rights have nothing. */
record WritableByOthers(Path root) {

    private static final List<String> FOLDERS = List.of("jobs", "mappers", "migrations", "config");

    void report(Problems problems) {
        try {
            check(root, problems);
            for (String folder : FOLDERS) {
                checkFolder(root.resolve(folder), problems);
            }
        } catch (IOException | java.io.UncheckedIOException e) {
            throw new ProblemException(
                    ExitCode.USAGE,
                    root.toString(),
                    "its access rights cannot be read (" + e.getMessage() + ").",
                    "Give the user who runs Nightshift the right to read it.");
        }
    }

    private void checkFolder(Path folder, Problems problems) throws IOException {
        if (Files.isDirectory(folder)) {
            try (Stream<Path> paths = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
                for (Path path : paths.sorted().toList()) {
                    check(path, problems);
                }
            }
        }
    }

    private void check(Path path, Problems problems) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(path, PosixFileAttributeView.class);
        if (view == null) {
            return;
        }
        PosixFileAttributes attributes = view.readAttributes();
        Set<PosixFilePermission> permissions = attributes.permissions();
        if (permissions.contains(PosixFilePermission.OTHERS_WRITE)
                || permissions.contains(PosixFilePermission.GROUP_WRITE) && !privateGroup(attributes)) {
            String name =
                    path.equals(root) ? root.toString() : root.relativize(path).toString();
            problems.add(
                    name,
                    "can be changed by other users (" + PosixFilePermissions.toString(permissions) + ").",
                    "Whoever changes it runs SQL in your name. Take the right away: chmod go-w " + path);
        }
    }

    /** Many systems give each user a group of the same name with nobody else in it, and let it write by default. */
    private static boolean privateGroup(PosixFileAttributes attributes) {
        return attributes.group().getName().equals(attributes.owner().getName());
    }
}
