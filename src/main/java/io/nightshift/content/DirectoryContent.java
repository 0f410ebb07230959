package io.nightshift.content;

import io.nightshift.problem.ExitCode;
import io.nightshift.problem.ProblemException;
import java.io.File;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The files of a directory. Hidden ones are left alone: editors and version control put theirs beside ours. */
record DirectoryContent(Path root) implements ContentSource {

    @Override
    public List<ContentFile> files(String folder, Predicate<String> wanted) {
        Path directory = root.resolve(folder);
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> paths = Files.walk(directory, FileVisitOption.FOLLOW_LINKS)) {
            return paths.filter(Files::isRegularFile)
                    .map(path -> slashed(directory.relativize(path)))
                    .filter(path -> !hidden(path) && wanted.test(path))
                    .sorted()
                    .map(path -> read(folder + "/" + path))
                    .toList();
        } catch (IOException | java.io.UncheckedIOException e) {
            throw unreadable(folder + "/", e);
        }
    }

    private ContentFile read(String where) {
        try {
            return new ContentFile(where, TextOf.utf8(where, Files.readAllBytes(root.resolve(where))));
        } catch (IOException e) {
            throw unreadable(where, e);
        }
    }

    private static boolean hidden(String path) {
        return path.startsWith(".") || path.contains("/.");
    }

    private static String slashed(Path path) {
        return path.toString().replace(File.separatorChar, '/');
    }

    private static ProblemException unreadable(String where, Exception cause) {
        return new ProblemException(
                ExitCode.USAGE,
                where,
                "cannot be read (" + cause.getMessage() + ").",
                "Give the user who runs Nightshift the right to read it.");
    }
}
