package io.nightshift.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.TestHome;
import io.nightshift.cli.invocation.Invocation;
import io.nightshift.cli.invocation.TellProblems;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

class ProgramTest {

    @TempDir
    Path directory;

    private static CommandLine commands() {
        return Program.commands(new Invocation(List.of(), new PrintStream(System.out), new PrintStream(System.err)));
    }

    static List<String> names() {
        return List.copyOf(commands().getSubcommands().keySet());
    }

    @ParameterizedTest
    @MethodSource("names")
    void everyCommandSaysWhatItDoesAndWhatItEndsWith(String name) {
        Answer answer = Answer.to(name, "--help");

        assertThat(answer.exit()).isZero();
        assertThat(answer.out())
                .contains("Usage: nightshift " + name, "--json", "--home=DIR", "Exit codes:")
                .contains("   5   stopped before the end; it can be resumed");
        assertThat(commands()
                        .getSubcommands()
                        .get(name)
                        .getCommandSpec()
                        .usageMessage()
                        .description())
                .isNotEmpty();
        assertThat(answer.err()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
            histroy                 | nightshift: "histroy" is no command of it       | Did you mean "history"? See: nightshift --help
            run load --stirct       | nightshift run: "--stirct" is no option of it   | Did you mean "--strict"? See: nightshift run --help
            run load --stirct=now   | nightshift run: "--stirct" is no option of it   | Did you mean "--strict"? See: nightshift run --help
            stop 1 2                | nightshift stop: "2" is no argument of it       | See: nightshift stop --help
            run                     | nightshift run: needs JOB                       | JOB: the name of a file in jobs/, without its ending. See: nightshift run --help
            migrate                 | nightshift migrate: no command was given        | Known are: status, up. See: nightshift migrate --help
            run load file           | job load: "file" is no parameter                | Write name=value, without blanks. The parameters of the job stand in jobs/load.yml.
            show eleven             | nightshift show: "eleven" is no number          | RUN: the number of the run. See: nightshift show --help
            runn nightly            | nightshift: "runn" is no command of it          | Did you mean "run"? See: nightshift --help
            --hmoe /srv/night run x | nightshift: "--hmoe" is no option of it         | Did you mean "--home"? See: nightshift --help
            run load --file=a.csv   | nightshift run: "--file" is no option of it     | A parameter is written without dashes: file=a.csv. See: nightshift run --help
            plan load --file a.csv  | nightshift plan: "--file" is no option of it    | A parameter is written without dashes: file=VALUE. See: nightshift plan --help
            run load --at-most      | nightshift run: "--at-most" needs DURATION behind it | DURATION: stop at the chunk boundary after this time, for example 2h. Overrides the job's own. See: nightshift run --help
            --home= check           | --home: names no directory.                     | Write --home DIR, or leave it out for the working directory.
            run load --at-most soon | nightshift run: Invalid value for option '--at-most': "soon" is not a duration; write a number and a unit, for example 90s, 30m, 24h or 7d | See: nightshift run --help
            init --model --empty    | nightshift init: Error: --model, --empty are mutually exclusive (specify only one) | See: nightshift init --help
            --home /no/such/place status | /no/such/place: there is no such directory. | Name a home with --home DIR or NIGHTSHIFT_HOME, or write a new one: nightshift init DIR
            """)
    void misuseEndsWithTwoAndSaysWhereWhatAndWhatToDo(String words, String first, String second) {
        Answer answer = Answer.to(words.split(" "));

        assertThat(answer.err()).isEqualToNormalizingNewlines(first + "\n  " + second + "\n");
        assertThat(answer.out()).isEmpty();
        assertThat(answer.exit()).isEqualTo(2);
    }

    @Test
    void psqlGetsItsWordsAsTheyAre() {
        List<CommandLine> parsed = commands()
                .parseArgs("--home", "/srv/night", "db", "psql", "-tA", "-c", "SELECT 1", "--json")
                .asCommandLineList();

        assertThat(parsed.get(2).getParseResult().matchedPositional(0).<List<String>>getValue())
                .containsExactly("-tA", "-c", "SELECT 1", "--json");
    }

    @Test
    void misuseIsADocumentForPrograms() {
        Answer answer = Answer.to("run", "load", "--stirct", "--json");

        assertThat(answer.exit()).isEqualTo(2);
        assertThat(answer.err()).isEmpty();
        assertThat(answer.out())
                .isEqualToNormalizingNewlines(
                        """
                {"format":1,"exit":2,"problems":[{"where":"nightshift run","what":"\\"--stirct\\" is no option of it",\
                "fix":"Did you mean \\"--strict\\"? See: nightshift run --help"}]}
                """);
    }

    @Test
    void aParameterThatBeginsWithAtIsNoFileOfArguments() {
        TestHome.in(directory).with("jobs/count-words.yml", "steps:\n  - sql: words.count\n");
        Answer answer = Answer.to("--home", directory.toString(), "run", "nosuch", "file=@/etc/hostname", "@arguments");

        assertThat(answer.err()).contains("\"@arguments\" is no parameter");
    }

    @Test
    void everyProblemOfAHomeIsToldAtOnce() {
        TestHome.in(directory)
                .with("jobs/load-users.yml", "description: x\nstepz: []\n")
                .with(
                        "mappers/users.xml",
                        "<mapper namespace=\"users\"><delete id=\"x\">DELETE FROM ${t}</delete></mapper>");

        Answer answer = Answer.to("check", "--files-only", "--json", "--home", directory.toString());

        assertThat(answer.exit()).isEqualTo(2);
        assertThat(answer.document()).containsEntry("format", 1).containsEntry("exit", 2);
        assertThat(String.valueOf(answer.document().get("problems")))
                .contains("jobs/load-users.yml:2", "stepz", "mappers/users.xml:1");
    }

    @Test
    void aBugIsOneLineOnTheTerminalAndAStackTraceInTheLog() throws Exception {
        Invocation invocation = new Invocation(List.of("--home"), System.out, System.err);
        java.io.ByteArrayOutputStream err = new java.io.ByteArrayOutputStream();
        Invocation toBytes = new Invocation(List.of(), System.out, new PrintStream(err, true));
        assertThat(invocation.json()).isFalse();

        int exit = new TellProblems(toBytes, System.out).tell(new IllegalStateException("two heads"));

        assertThat(exit).isEqualTo(1);
        assertThat(err.toString())
                .startsWith("nightshift: IllegalStateException: two heads")
                .contains("This is a bug in Nightshift.")
                .doesNotContain("\tat ");
    }

    @Test
    void initWritesAHomeThatCheckFindsInOrder() {
        Path home = directory.resolve("night");

        Answer written = Answer.to("init", home.toString());
        Answer checked = Answer.to("check", "--files-only", "--home", home.toString());

        assertThat(written.exit()).isZero();
        assertThat(written.out()).contains("nightshift migrate up");
        assertThat(home.resolve("jobs/nightly.yml")).exists();
        assertThat(home.resolve("config/application.yml")).exists();
        assertThat(checked.err()).isEmpty();
        assertThat(checked.exit()).isZero();
    }

    @Test
    void initRefusesADirectoryThatHasOneOfTheFolders() throws Exception {
        Files.createDirectory(directory.resolve("mappers"));

        Answer answer = Answer.to("init", directory.toString(), "--empty");

        assertThat(answer.exit()).isEqualTo(2);
        assertThat(answer.err()).contains(directory.resolve("mappers") + ": is there already; nothing was written.");
        assertThat(directory.resolve("jobs")).doesNotExist();
    }

    @Test
    void anEmptyHomeHasFoldersThatSayWhatGoesIntoThem() {
        Answer answer = Answer.to("init", directory.resolve("empty").toString(), "--empty", "--json");

        assertThat(answer.document())
                .isEqualTo(Map.of(
                        "format", 1,
                        "home", directory.resolve("empty").toString(),
                        "files",
                                List.of(
                                        "config/application.yml",
                                        "jobs/README.md",
                                        "mappers/README.md",
                                        "migrations/README.md")));
    }
}
