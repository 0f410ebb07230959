package io.nightshift.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.TestDatabase;
import io.nightshift.TestHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever is wrong with what it is given, the program names the place, for people and for programs. */
class BadInputProcessTest {

    private static final TestDatabase DATABASE = TestDatabase.create();

    private static final String JOB = "jobs/load-words.yml";
    private static final String MAPPER = "mappers/words.xml";

    private static final String GOOD_JOB =
            """
            description: Load words from a file.
            parameters:
              file: {type: path, required: true}
            steps:
              - load: {from: "${file}", into: words}
              - update: {table: words, keys: words.unnumbered, apply: words.number}
            side-by-side: true
            """;

    private static final String GOOD_MAPPER =
            """
            <mapper namespace="words">
              <select id="unnumbered">
                /* nightshift: words.unnumbered */
                SELECT word FROM words WHERE n IS NULL
              </select>
              <update id="number">
                /* nightshift: words.number */
                UPDATE words SET n = 0 WHERE word = ANY (#{keys}) AND n IS NULL
              </update>
            </mapper>
            """;

    @TempDir
    private static Path directory;

    @BeforeAll
    static void aTableWithOneWord() {
        DATABASE.execute("CREATE TABLE words (word text PRIMARY KEY, n int); INSERT INTO words VALUES ('taken', 1)");
        try (var database = DATABASE.open()) {
            database.createOwnTables();
        }
    }

    @AfterAll
    static void drop() {
        DATABASE.close();
    }

    /**
     * One line of the table.
     *
     * @param input    what is wrong
     * @param arrange  makes it so, in a home that is in order
     * @param words    what is typed behind {@code run}
     * @param exit     the code it ends with
     * @param place    what the message begins with; {@code HOME} stands for the home's directory
     * @param complaint a part of the rest of it
     */
    record Bad(String input, Consumer<TestHome> arrange, String words, int exit, String place, String complaint) {

        static Bad file(String input, String text, int exit, String place, String complaint) {
            return new Bad(
                    input,
                    home -> home.with("words.csv", text),
                    "load-words file=HOME/words.csv --new",
                    exit,
                    place,
                    complaint);
        }

        static Bad content(String input, String path, String text, String place, String complaint) {
            return new Bad(input, home -> home.with(path, text), "load-words file=HOME/words.csv", 2, place, complaint);
        }

        static Bad words(String input, String words, String place, String complaint) {
            return new Bad(input, home -> {}, words, 2, place, complaint);
        }

        static Bad database(String input, String url, String place, String complaint) {
            return new Bad(
                    input,
                    home -> home.with("config/application.yml", "nightshift:\n  database:\n    url: \"" + url + "\"\n"),
                    "load-words file=HOME/words.csv",
                    1,
                    place,
                    complaint);
        }

        @Override
        public String toString() {
            return input;
        }
    }

    static List<Bad> inputs() {
        String from = JOB + ":5 (steps[0].load).from";
        return List.of(
                Bad.words(
                        "missing file", "load-words file=HOME/nowhere.csv", from, "there is no file HOME/nowhere.csv"),
                Bad.words("directory", "load-words file=HOME/jobs", from, "HOME/jobs is a directory"),
                Bad.file("empty file", "", 2, from, "HOME/words.csv is empty: there is not even a header"),
                Bad.file(
                        "unknown column",
                        "word,colour\nmoss,green\n",
                        2,
                        "HOME/words.csv",
                        "the field \"colour\" has no column in public.words"),
                Bad.file(
                        "wrong type",
                        "word,n\nmany,several\n",
                        1,
                        "HOME/words.csv:2",
                        "invalid input syntax for type integer: \"several\""),
                Bad.file(
                        "duplicate key",
                        "word,n\ntaken,2\n",
                        1,
                        "HOME/words.csv:2",
                        "Key (word)=(taken) already exists."),
                Bad.content("broken YAML", JOB, "description: [Load\nsteps:\n", JOB + ":2", "is not YAML"),
                Bad.content(
                        "unknown key",
                        JOB,
                        GOOD_JOB.replace("steps:", "stepz:"),
                        JOB + ":4 (stepz)",
                        "Did you mean \"steps\"?"),
                Bad.content(
                        "unknown statement",
                        JOB,
                        GOOD_JOB.replace("words.number}", "words.nubmer}"),
                        JOB + ":6 (steps[1].update).apply",
                        "Did you mean \"words.number\"?"),
                Bad.content(
                        "text put into SQL",
                        MAPPER,
                        GOOD_MAPPER.replace("SET n = 0", "SET n = ${n}"),
                        MAPPER + ":8",
                        "${} pastes text into the SQL."),
                Bad.content(
                        "OGNL that calls Java",
                        MAPPER,
                        GOOD_MAPPER.replace(
                                "WHERE n IS NULL",
                                "<if test=\"@java.lang.Runtime@getRuntime() != null\">WHERE n IS NULL</if>"),
                        MAPPER + ":4",
                        "A test may compare names with null, numbers, texts and each other"),
                Bad.words(
                        "unknown job",
                        "load-wrods file=HOME/words.csv",
                        "job load-wrods",
                        "Did you mean \"load-words\"?"),
                Bad.words(
                        "the file of a job",
                        "jobs/load-words.yml file=HOME/words.csv",
                        "job jobs/load-words.yml",
                        "a job is named without its folder and its ending"),
                Bad.words("missing parameter", "load-words", "parameter file", "load-words needs a value for it."),
                Bad.database(
                        "wrong password",
                        DATABASE.url("nightshift", "topsecret"),
                        DATABASE.url().replaceFirst(".*@", "") + " as nightshift",
                        "refuses this role or its password"),
                Bad.database(
                        "server away",
                        "postgresql://nightshift:topsecret@127.0.0.1:1/night",
                        "127.0.0.1:1/night as nightshift",
                        "nobody answers there"),
                new Bad(
                        "a home that others can write",
                        home -> everybodyMayWrite(home.root().resolve(JOB)),
                        "load-words file=HOME/words.csv",
                        2,
                        JOB,
                        "can be changed by other users"));
    }

    @ParameterizedTest
    @Execution(ExecutionMode.CONCURRENT)
    @MethodSource("inputs")
    void isRefusedWithItsPlace(Bad bad) throws IOException {
        Path root = Files.createTempDirectory(directory, "home");
        TestHome home = TestHome.in(root)
                .with(JOB, GOOD_JOB)
                .with(MAPPER, GOOD_MAPPER)
                .with("words.csv", "word\nfine\n")
                .on(DATABASE);
        bad.arrange().accept(home);

        ProgramRun text = run(root, bad.words());
        ProgramRun json = run(root, bad.words() + " --json");

        String place = bad.place().replace("HOME", root.toString());
        String complaint = bad.complaint().replace("HOME", root.toString());
        assertThat(List.of(text.exit(), json.exit())).containsOnly(bad.exit());
        assertThat(text.terminal()).contains(place + ": ", complaint);
        assertThat(json.document()).containsEntry("format", 1).containsEntry("exit", bad.exit());
        assertThat(places(json))
                .anySatisfy(told -> assertThat(told).startsWith(place).contains(complaint));
        assertThat(text.terminal() + json.terminal()).doesNotContain("\tat ", "Exception");
        assertThat(text.terminal() + json.terminal() + log(root)).doesNotContain("topsecret");
        assertThat(ledgerAndTable())
                .as("a word is there when the ledger says so")
                .isEqualTo("equal");
    }

    private static ProgramRun run(Path home, String words) {
        return ProgramRun.in(
                home,
                Stream.of(("run " + words).split(" "))
                        .map(word -> word.replace("HOME", home.toString()))
                        .toArray(String[]::new));
    }

    /** Those of the problems, and of the rows that made them. */
    private static List<String> places(ProgramRun run) {
        List<String> places = new ArrayList<>(run.problems());
        ((List<?>) run.document().getOrDefault("rejects", List.of()))
                .stream()
                        .flatMap(group -> ((List<?>) ((Map<?, ?>) group).get("first")).stream())
                        .map(Map.class::cast)
                        .forEach(reject -> places.add(reject.get("place") + ": " + reject.get("message")));
        return places;
    }

    /** Both are written in one transaction, so this is so at any moment, whoever loads. */
    private static String ledgerAndTable() {
        return DATABASE.value(
                """
                SELECT CASE WHEN loaded = ledger THEN 'equal' ELSE loaded || ' loaded, ledger has ' || ledger END
                FROM (
                  SELECT (SELECT count(*) FROM words) - 1 AS loaded,
                    (SELECT coalesce(sum(written), 0) FROM nightshift.ledger) AS ledger
                ) counts""");
    }

    private static String log(Path home) throws IOException {
        Path log = home.resolve(".nightshift/logs/nightshift.log");
        return Files.exists(log) ? Files.readString(log) : "";
    }

    private static void everybodyMayWrite(Path file) {
        try {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
