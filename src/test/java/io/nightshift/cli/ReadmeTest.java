package io.nightshift.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.nightshift.ShippedHome;
import io.nightshift.cli.invocation.Invocation;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** Command lines in the documents are ones that the program understands. They are parsed here, not executed. */
class ReadmeTest {

    private static final Pattern BLOCK =
            Pattern.compile("^```(?:sh|shell|bash)\\n(.*?)^```", Pattern.MULTILINE | Pattern.DOTALL);

    /** What stands for a value in a text: {@code run JOB}, {@code stop RUN}. */
    private static final Pattern NUMBER_WANTED = Pattern.compile("\\b(RUN|N)\\b");

    static Stream<String> commandLines() throws IOException {
        try (Stream<Path> documents =
                Stream.of("docs", "examples").map(Path::of).flatMap(ReadmeTest::walk)) {
            return Stream.concat(Stream.of(Path.of("README.md"), Path.of("CONTRIBUTING.md")), documents)
                    .flatMap(ReadmeTest::commandLines)
                    .distinct()
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("commandLines")
    void everyCommandLineIsUnderstood(String line) {
        CommandLine commands =
                Program.commands(new Invocation(List.of(), new PrintStream(System.out), new PrintStream(System.err)));
        String[] words = NUMBER_WANTED.matcher(line).replaceAll("42").split(" +");

        assertThatCode(() -> commands.parseArgs(words)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @MethodSource("jobsInReadme")
    void everyJobThatTheReadmeNamesIsThere(String job) {
        assertThat(Path.of("jobs", job + ".yml")).exists();
    }

    @Test
    void theCookbookAndThePagesOfTheKindsNameEveryShippedJobAndNoOther() throws IOException {
        Pattern row = Pattern.compile("^\\|.*", Pattern.MULTILINE);
        Pattern job = Pattern.compile("`([a-z]+(?:-[a-z]+)+|nightly|weekly)`(?= \\||, `)");
        Set<String> named = new TreeSet<>();
        Set<String> inKinds = new TreeSet<>();
        Function<String, Stream<String>> jobs = text -> row.matcher(text)
                .results()
                .flatMap(line -> job.matcher(line.group()).results())
                .map(found -> found.group(1))
                .filter(name -> !name.equals("keep-going"));
        jobs.apply(Files.readString(Path.of("docs/cookbook.md"))).forEach(named::add);
        for (Path page : walk(Path.of("docs/kinds")).toList()) {
            String text = Files.readString(page);
            jobs.apply(text.substring(Math.max(0, text.indexOf("## In the shipped night"))))
                    .forEach(inKinds::add);
        }

        assertThat(named).containsExactlyElementsOf(ShippedHome.jobs());
        assertThat(inKinds).containsExactlyElementsOf(ShippedHome.jobs());
    }

    static Stream<String> jobsInReadme() {
        return commandLines(Path.of("README.md"))
                .map(line -> line.split(" +"))
                .filter(words -> List.of("run", "plan").contains(words[0]) && !words[1].equals("JOB"))
                .map(words -> words[1])
                .distinct();
    }

    private static Stream<Path> walk(Path folder) {
        try {
            return Files.walk(folder)
                    .filter(file -> file.toString().endsWith(".md"))
                    .sorted();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Behind {@code ./nightshift}, without comments. */
    private static Stream<String> commandLines(Path document) {
        try {
            String text = Files.readString(document);
            return BLOCK.matcher(text)
                    .results()
                    .flatMap(block -> block.group(1).lines())
                    .map(line -> line.replaceFirst("(^|\\s)#.*", "").strip())
                    .filter(line -> line.matches("(\\./)?nightshift .*"))
                    .map(line -> line.replaceFirst("^(\\./)?nightshift +", ""));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
