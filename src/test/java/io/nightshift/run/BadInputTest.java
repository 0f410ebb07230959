package io.nightshift.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.TestDatabase;
import io.nightshift.TestHome;
import io.nightshift.TestRun;
import io.nightshift.problem.ExitCode;
import io.nightshift.problem.Problem;
import io.nightshift.problem.ProblemException;
import io.nightshift.run.books.RunResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What people get wrong: how the run ends, which place is named, and that nothing is half done. */
class BadInputTest {

    private static final String JOB =
            """
            parameters:
              file: {type: path, required: true}
            steps:
              - load:
                  name: new-posts
                  from: ${file}
                  merge: posts.mergeLoaded
            """;

    private static final String MAPPER =
            """
            <mapper namespace="posts">
              <insert id="mergeLoaded">
                /* nightshift: posts.mergeLoaded */
                INSERT INTO posts (id, title)
                SELECT id, title
                FROM loaded
              </insert>
            </mapper>
            """;

    private static final String POSTS = "id,title\n11,eleven\n12,twelve\n";

    @TempDir
    private Path directory;

    private TestDatabase database;
    private TestHome home;

    /** Makes a good home bad. */
    private interface Change {
        void in(TestHome home) throws IOException;
    }

    /**
     * @param input    what is wrong
     * @param argument of the command; the good one is {@code file=posts.csv}
     * @param where    the place that is named
     * @param what     what is said about it
     */
    private record Bad(String input, Change change, String argument, ExitCode exit, String where, String what) {

        static Bad content(String input, String path, String text, String where, String what) {
            return new Bad(input, home -> home.with(path, text), "file=posts.csv", ExitCode.USAGE, where, what);
        }

        static Bad data(String input, String text, ExitCode exit, String where, String what) {
            return new Bad(input, home -> home.with("posts.csv", text), "file=posts.csv", exit, where, what);
        }

        @Override
        public String toString() {
            return input;
        }
    }

    static Stream<Bad> bad() {
        return Stream.of(files(), contents(), surroundings()).flatMap(List::stream);
    }

    private static List<Bad> files() {
        String from = "jobs/load-posts.yml:4 (steps[0].load).from";
        return List.of(
                new Bad("missing file", home -> {}, "file=pots.csv", ExitCode.USAGE, from, "there is no file"),
                new Bad("directory", home -> {}, "file=jobs", ExitCode.USAGE, from, "is a directory"),
                Bad.data("empty file", "", ExitCode.USAGE, from, "is empty"),
                Bad.data(
                        "unknown column",
                        "id,titel\n11,a\n",
                        ExitCode.USAGE,
                        "posts.csv",
                        "the field \"titel\" has no"),
                Bad.data(
                        "wrong type",
                        "id,title\neleven,a\n",
                        ExitCode.FAILED,
                        "Step new-posts of run 1",
                        "1 of 1 were"),
                Bad.data(
                        "duplicate key", "id,title\n1,a\n", ExitCode.FAILED, "Step new-posts of run 1", "1 of 1 were"));
    }

    private static List<Bad> contents() {
        String job = "jobs/load-posts.yml";
        String mapper = "mappers/posts.xml";
        return List.of(
                Bad.content("broken YAML", job, JOB + "  - [", job + ":8", "is not YAML"),
                Bad.content("key twice", job, JOB + "steps: []\n", job + ":8", "steps"),
                Bad.content("unknown key", job, JOB.replace("from:", "form:"), job + ":6", "form"),
                Bad.content(
                        "unknown statement", job, JOB.replace("mergeLoaded", "mergeloaded"), job, "posts.mergeloaded"),
                Bad.content("${} in a mapper", mapper, MAPPER.replace("loaded\n", "${x}\n"), mapper + ":6", "${}"),
                Bad.content(
                        "OGNL with @",
                        mapper,
                        MAPPER.replace(
                                "FROM loaded", "FROM loaded <if test=\"@java.lang.System@exit(1)\">WHERE true</if>"),
                        mapper + ":6",
                        "@"));
    }

    private static List<Bad> surroundings() {
        String good = "file=posts.csv";
        return List.of(
                new Bad("unknown parameter", home -> {}, "fiel=posts.csv", ExitCode.USAGE, "parameter fiel", "no such"),
                new Bad("missing parameter", home -> {}, "", ExitCode.USAGE, "parameter file", "needs a value"),
                new Bad(
                        "wrong password",
                        home -> replaceUrl(home, ":[^:@/]+@", ":guess@"),
                        good,
                        ExitCode.FAILED,
                        "",
                        "password"),
                new Bad(
                        "server away",
                        home -> replaceUrl(home, "@[^/]+/", "@127.0.0.1:1/"),
                        good,
                        ExitCode.FAILED,
                        "",
                        ""),
                new Bad(
                        "a file of the home that others can write",
                        home -> Files.setPosixFilePermissions(
                                home.root().resolve("mappers/posts.xml"), PosixFilePermissions.fromString("rw-r--rw-")),
                        good,
                        ExitCode.USAGE,
                        "mappers/posts.xml",
                        "can be changed by other users"));
    }

    private static void replaceUrl(TestHome home, String part, String other) throws IOException {
        Path settings = home.root().resolve("config/application.yml");
        Files.writeString(settings, Files.readString(settings).replaceFirst(part, other));
    }

    @BeforeEach
    void goodHome() {
        database = TestDatabase.create();
        database.execute(
                """
                CREATE TABLE posts (id integer PRIMARY KEY, title text);
                INSERT INTO posts VALUES (1, 'one'), (2, 'two')""");
        home = TestHome.in(directory)
                .with("jobs/load-posts.yml", JOB)
                .with("mappers/posts.xml", MAPPER)
                .with("posts.csv", POSTS)
                .on(database, "run: {retries: 0}");
    }

    @AfterEach
    void drop() {
        database.close();
    }

    @ParameterizedTest
    @MethodSource
    void bad(Bad bad) throws IOException {
        bad.change().in(home);
        Ended ended = run("load-posts", bad.argument());
        assertThat(ended.exit()).isEqualTo(bad.exit());
        assertThat(ended.problems()).as("the place %s", bad.where()).anySatisfy(problem -> {
            assertThat(problem.where()).contains(bad.where());
            assertThat(problem.text()).contains(bad.what()).doesNotContain("bug in Nightshift");
        });
        nothingIsHalfDone();
    }

    @ParameterizedTest
    @MethodSource("unknownJobs")
    void anUnknownJobIsNamedWithTheNearestOne(String job) {
        Ended ended = run(job, "file=posts.csv");
        assertThat(ended.exit()).isEqualTo(ExitCode.USAGE);
        assertThat(ended.problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.text()).contains(job).contains("load-posts"));
        nothingIsHalfDone();
    }

    static Stream<String> unknownJobs() {
        return Stream.of("load-post", "load_posts");
    }

    @ParameterizedTest
    @MethodSource("deaths")
    void aServerThatGoesAwayHalfWayLeavesWholeChunks(String death) {
        database.execute(
                """
                CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                  IF NEW.id = 12 THEN
                    %s
                  END IF;
                  RETURN NEW;
                END $$;
                CREATE TRIGGER die BEFORE INSERT ON posts FOR EACH ROW EXECUTE FUNCTION die()"""
                        .formatted(death));
        Ended ended = run("load-posts", "file=posts.csv");
        assertThat(ended.exit()).isEqualTo(ExitCode.FAILED);
        assertThat(ended.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.where()).isEqualTo("Run 1 of load-posts");
            assertThat(problem.fix()).contains("nightshift resume 1");
        });
        nothingIsHalfDone();
        assertThat(database.value("SELECT count(*) FROM nightshift.ledger")).isEqualTo("0");
    }

    static Stream<String> deaths() {
        return Stream.of(
                "PERFORM pg_terminate_backend(pg_backend_pid());",
                "RAISE EXCEPTION 'no room left' USING ERRCODE = 'disk_full';");
    }

    /** How it ended, whether or not a run came into being. */
    private record Ended(ExitCode exit, List<Problem> problems) {}

    private Ended run(String job, String argument) {
        try {
            String[] arguments = argument.isEmpty() ? new String[0] : new String[] {argument};
            RunResult result = TestRun.of(home.home(), job, arguments);
            return new Ended(result.exit(), result.problem().stream().toList());
        } catch (ProblemException refused) {
            return new Ended(refused.exit(), refused.problems());
        }
    }

    private void nothingIsHalfDone() {
        assertThat(database.value("SELECT string_agg(id || title, ',' ORDER BY id) FROM posts"))
                .isEqualTo("1one,2two");
        boolean ran = "t".equals(database.value("SELECT to_regclass('nightshift.run') IS NOT NULL"));
        if (ran) {
            assertThat(database.value("SELECT count(*) FROM nightshift.run WHERE state IN ('STARTED', 'COMPLETED')"))
                    .isEqualTo("0");
        }
    }
}
