package io.nightshift;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The whole example of a page below docs/kinds: the SQL that sets it up, and its files by their paths in a home.
 *
 * @param kind the page's name without its ending
 */
public record DocumentedKind(String kind, String setUp, Map<String, String> files) {

    private static final Path PAGES = Path.of("docs/kinds");
    /** A fenced block, and the path in back quotes on the line before it if there is one. */
    private static final Pattern BLOCK =
            Pattern.compile("(?:^`([^`\\n]+)`\\n\\n)?^```(\\w+)\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);

    /** Every page that has an example. */
    public static List<DocumentedKind> all() {
        try (Stream<Path> pages = Files.list(PAGES)) {
            return pages.sorted()
                    .map(DocumentedKind::read)
                    .filter(page -> !page.files().isEmpty())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static DocumentedKind read(Path page) {
        try {
            StringBuilder setUp = new StringBuilder();
            Map<String, String> files = new LinkedHashMap<>();
            Matcher block = BLOCK.matcher(Files.readString(page));
            while (block.find()) {
                if (block.group(1) != null) {
                    files.put(block.group(1), block.group(3));
                } else if (block.group(2).equals("sql")) {
                    setUp.append(block.group(3));
                }
            }
            return new DocumentedKind(page.getFileName().toString().replace(".md", ""), setUp.toString(), files);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The job files, in the order of the page; the last one is the example. */
    public Map<String, String> jobs() {
        Map<String, String> jobs = new LinkedHashMap<>(files);
        jobs.keySet().removeIf(path -> !path.startsWith("jobs/"));
        return jobs;
    }

    /** The name of the job that the example runs. */
    public String job() {
        String last = List.copyOf(jobs().keySet()).get(jobs().size() - 1);
        return last.substring("jobs/".length(), last.length() - ".yml".length());
    }

    /** Writes the example down. */
    public TestHome in(Path directory) {
        TestHome home = TestHome.in(directory);
        files.forEach(home::with);
        return home;
    }
}
