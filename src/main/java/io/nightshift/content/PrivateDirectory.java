package io.nightshift.content;

import io.nightshift.problem.ExitCode;
import io.nightshift.problem.ProblemException;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/** A directory that only we may enter: it holds passwords and a database. */
final class PrivateDirectory {

    private PrivateDirectory() {}

    static Path create(Path directory) {
        try {
            if (!Files.isDirectory(directory)) {
                Files.createDirectories(directory, ownerOnly());
            }
            return directory;
        } catch (IOException e) {
            throw new ProblemException(
                    ExitCode.USAGE,
                    directory.toString(),
                    "cannot be made (" + e.getMessage() + ").",
                    "Set nightshift.state to a directory that can be written; the rest of the home may be read-only.");
        }
    }

    private static FileAttribute<?>[] ownerOnly() {
        boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
        return posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
                }
                : new FileAttribute<?>[0];
    }
}
