package io.nightshift.step.load.read;

import io.nightshift.content.Home;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Finds the files that a load names: plain paths, or globs with {@code * ? [] {} **}. */
public final class FilePatterns {

    private final Home home;

    public FilePatterns(Home home) {
        this.home = home;
    }

    /**
     * The files of all patterns, by name, each once; {@link StandardInput#MARK} for "-".
     *
     * @param firstOnly the patterns are alternatives: the first one that finds anything counts
     */
    public List<Path> find(List<String> patterns, boolean firstOnly) throws IOException {
        TreeSet<Path> found = new TreeSet<>(Comparator.comparing(Path::toString));
        for (String pattern : patterns) {
            found.addAll(find(pattern));
            if (firstOnly && !found.isEmpty()) {
                break;
            }
        }
        return List.copyOf(found);
    }

    private List<Path> find(String pattern) throws IOException {
        if (pattern.equals(StandardInput.MARK.toString())) {
            return List.of(StandardInput.MARK);
        }
        Path whole = home.resolve(pattern);
        if (Files.exists(whole) || !isGlob(pattern)) {
            return Files.exists(whole) ? List.of(whole) : List.of();
        }
        Path start = fixedPart(whole);
        if (!Files.isDirectory(start)) {
            return List.of();
        }
        String rest = start.relativize(whole).toString();
        PathMatcher matcher = start.getFileSystem().getPathMatcher("glob:" + rest);
        // As in shells, no directory at all matches **/ too; Java's globs want one.
        PathMatcher here = start.getFileSystem().getPathMatcher("glob:" + rest.replace("**/", ""));
        int depth = rest.contains("**") ? Integer.MAX_VALUE : Path.of(rest).getNameCount();
        try (Stream<Path> files = Files.walk(start, depth, FileVisitOption.FOLLOW_LINKS)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> matcher.matches(start.relativize(file)) || here.matches(start.relativize(file)))
                    .toList();
        }
    }

    /** Whether the text has a character that means more than itself. */
    static boolean isGlob(String pattern) {
        return pattern.chars().anyMatch(c -> "*?[{".indexOf(c) >= 0);
    }

    private static Path fixedPart(Path pattern) {
        List<Path> fixed = new ArrayList<>();
        for (Path name : pattern) {
            if (isGlob(name.toString())) {
                break;
            }
            fixed.add(name);
        }
        Path start = pattern.getRoot();
        for (Path name : fixed) {
            start = start.resolve(name);
        }
        return start;
    }
}
