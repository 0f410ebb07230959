package io.nightshift.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.TestDatabase;
import io.nightshift.TestHome;
import io.nightshift.TestRun;
import io.nightshift.chunk.Progress;
import io.nightshift.content.Home;
import io.nightshift.content.Settings;
import io.nightshift.database.Database;
import io.nightshift.problem.ExitCode;
import io.nightshift.problem.Problem;
import io.nightshift.run.books.RunResult;
import io.nightshift.run.plan.Planner;
import io.nightshift.run.work.StartRequest;
import io.nightshift.step.ListedKeys;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What refuses to begin before anything is written, and what stops a run that grows beyond its limit. */
class GuardsTest {

    private static final TestDatabase DATABASE = TestDatabase.create();

    private static final String MAPPER =
            """
            <mapper namespace="box">
              <select id="open">
                /* nightshift: box.open */
                SELECT id FROM box WHERE state = 'open'
              </select>
              <update id="close">
                /* nightshift: box.close */
                UPDATE box SET state = 'closed' WHERE id = ANY (#{keys}) AND state = 'open'
              </update>
              <select id="shelves">
                /* nightshift: box.shelves */
                SELECT shelf, place FROM shelf WHERE NOT taken
              </select>
              <update id="take">
                /* nightshift: box.take */
                UPDATE shelf s SET taken = true
                FROM unnest(#{keys.shelf}, #{keys.place}) k (shelf, place)
                WHERE s.shelf = k.shelf AND s.place = k.place AND NOT s.taken
              </update>
              <select id="quiet">
                /* nightshift: box.quiet */
                SELECT count(*) = 0, 'imports are under way: ' || string_agg(name, ', ') FROM import
              </select>
              <select id="share">
                /* nightshift: box.share */
                SELECT 1 / count(*) = 0 FROM import
              </select>
              <select id="each">
                /* nightshift: box.each */
                SELECT true FROM box
              </select>
              <select id="allClosed">
                /* nightshift: box.allClosed */
                SELECT count(*) = 0 FROM box WHERE state = 'open'
              </select>
            </mapper>
            """;

    @TempDir
    Path directory;

    @AfterAll
    static void drop() {
        DATABASE.close();
    }

    @BeforeEach
    void aHundredBoxes() {
        DATABASE.execute(
                """
                DROP TABLE IF EXISTS box, shelf, import CASCADE;
                CREATE TABLE box (id int PRIMARY KEY, state text NOT NULL DEFAULT 'open');
                INSERT INTO box SELECT n * 10 FROM generate_series(1, 100) n;
                CREATE TABLE shelf (shelf text, place int, taken boolean NOT NULL DEFAULT false, PRIMARY KEY (shelf, place));
                INSERT INTO shelf (shelf, place) SELECT s, n FROM unnest('{"a", "b, c"}'::text[]) s, generate_series(1, 5) n;
                CREATE TABLE import (name text)""");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "max-rows: 99       | there are more than 99 rows to work on, the max-rows of 99",
                "max-rows: 12.5%    | there are more than 12 rows to work on, the max-rows of 12.5%",
                "expect: ..99       | there are more rows to work on than the ..99 that are expected",
                "expect: 1,000..2,000 | there are 100 rows to work on, and 1,000..2,000 are expected"
            })
    void aStepWithOtherRowsThanMeantIsRefusedBeforeAnythingIsWritten(String guard, String what) {
        Home home = close("close-some-boxes", "", guard);

        RunResult refused = TestRun.of(home, "close-some-boxes");

        assertThat(refused.exit()).isEqualTo(ExitCode.REFUSED);
        assertThat(refused.problem().map(Problem::what)).contains(what);
        assertThat(plan(home, "close-some-boxes").steps().get(0).notes()).contains("would be refused: " + what);
        assertThat(closed()).isEqualTo("0");
        assertThat(DATABASE.value("SELECT count(*) FROM nightshift.step WHERE run = " + refused.run()))
                .isEqualTo("0");

        RunResult meant =
                TestRun.of(close("close-some-boxes", "", "max-rows: 100%, expect: 100..100"), "close-some-boxes");

        assertThat(meant.problems()).isEmpty();
        assertThat(meant.run()).as("nobody had to type --new").isGreaterThan(refused.run());
        assertThat(closed()).isEqualTo("100");
    }

    @Test
    void aStepThatGrowsEndsBeforeTheChunkThatWouldGoOver() {
        DATABASE.execute(
                """
                CREATE OR REPLACE FUNCTION more_boxes() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                  INSERT INTO box SELECT n FROM generate_series(51, 59) n;
                  RETURN NEW;
                END $$;
                DELETE FROM box WHERE id > 100;
                CREATE TRIGGER more_boxes BEFORE UPDATE ON box FOR EACH ROW WHEN (OLD.id = 10)
                  EXECUTE FUNCTION more_boxes()""");

        RunResult stopped = TestRun.of(
                close("close-growing-boxes", "chunk: 5\ntarget-duration: none", "max-rows: 12"), "close-growing-boxes");

        assertThat(stopped.exit()).isEqualTo(ExitCode.REFUSED);
        assertThat(stopped.problem().orElseThrow().what())
                .isEqualTo("it has grown beyond its max-rows: a chunk of 5 rows behind 10 would be more than 12");
        assertThat(closed()).isEqualTo("10");
        assertThat(stopped.rows().read()).isEqualTo(10);
    }

    @Test
    void aLoadEndsBeforeTheChunkThatWouldGoOver() {
        Home home = TestHome.in(directory)
                .with("boxes.csv", "id\n1\n2\n3\n4\n5\n6\n")
                .with(
                        "jobs/load-boxes.yml",
                        "target-duration: none\n"
                                + "steps:\n"
                                + "  - load: {from: boxes.csv, into: box, chunk: 2, max-rows: 5}\n")
                .on(DATABASE)
                .home();

        RunResult stopped = TestRun.of(home, "load-boxes");

        assertThat(stopped.exit()).isEqualTo(ExitCode.REFUSED);
        assertThat(DATABASE.value("SELECT string_agg(id::text, ',' ORDER BY id) FROM box WHERE id < 10"))
                .isEqualTo("1,2,3,4");
    }

    @Test
    void whatMustHoldBeforeRefusesAndWhatMustHoldAfterFails() {
        DATABASE.execute("INSERT INTO import VALUES ('users'), ('posts')");
        Home home = close("close-quiet-boxes", "before: box.quiet\nafter: [box.allClosed]", "reject-limit: 0");

        RunResult refused = TestRun.of(home, "close-quiet-boxes");

        assertThat(refused.exit()).isEqualTo(ExitCode.REFUSED);
        assertThat(refused.problem().orElseThrow().text())
                .isEqualToNormalizingNewlines(
                        """
                        mappers/box.xml:20 (box.quiet): the condition does not hold: imports are under way: users, posts
                          Nothing was changed. When it holds, start the job: nightshift run close-quiet-boxes""");
        assertThat(plan(home, "close-quiet-boxes").broken())
                .extracting(Problem::what)
                .hasSize(1);
        assertThat(closed()).isEqualTo("0");

        DATABASE.execute("DELETE FROM import; ALTER TABLE box ADD CHECK (id <> 500 OR state = 'open')");
        home = close("close-quiet-boxes", "before: box.quiet\nafter: [box.allClosed]", "reject-limit: 1");
        RunResult failed = TestRun.of(home, "close-quiet-boxes");

        assertThat(failed.exit()).isEqualTo(ExitCode.FAILED);
        assertThat(failed.problem().orElseThrow().what()).isEqualTo("the condition does not hold: it returns false");
        assertThat(closed()).isEqualTo("99");

        DATABASE.execute("DELETE FROM box WHERE id = 500; INSERT INTO import VALUES ('late')");
        RunResult resumed = TestRun.resume(home, failed.run());

        assertThat(resumed.problems()).as("before is not asked again").isEmpty();
        assertThat(resumed.status()).isEqualTo("COMPLETED");
    }

    @Test
    void aConditionThatFailsOrHasSeveralRowsDoesNotHoldAndHidesNoOther() {
        Home home = close(
                "close-doubtful-boxes", "before: [box.share, box.each, box.allClosed, box.quiet]", "reject-limit: 0");

        RunResult refused = TestRun.of(home, "close-doubtful-boxes");

        assertThat(refused.exit()).isEqualTo(ExitCode.REFUSED);
        assertThat(refused.problems())
                .extracting(problem -> problem.where().replaceFirst(".*\\((.*)\\)", "$1: ") + problem.what())
                .containsExactly(
                        "box.share: the condition cannot be asked: division by zero (SQLSTATE 22012)",
                        "box.each: the condition returns several rows, and not one",
                        "box.allClosed: the condition does not hold: it returns false");
        assertThat(plan(home, "close-doubtful-boxes").broken())
                .extracting(Problem::what)
                .containsExactlyElementsOf(
                        refused.problems().stream().map(Problem::what).toList());
        assertThat(closed()).isEqualTo("0");
    }

    @Test
    void aRunWithAListWorksOnListedKeysOnlyAndNamesThoseItDoesNotFind() {
        DATABASE.execute("UPDATE box SET state = 'closed' WHERE id = 30");
        Home home = close("close-listed-boxes", "", "reject-limit: 0");

        RunResult run = run(home, "close-listed-boxes", "20\n30\n\n 7 \n40\n");

        assertThat(run.problems()).isEmpty();
        assertThat(run.rows().written()).isEqualTo(2);
        assertThat(DATABASE.value("SELECT string_agg(id::text, ',' ORDER BY id) FROM box WHERE state = 'closed'"))
                .isEqualTo("20,30,40");
        assertThat(DATABASE.value(
                        "SELECT message FROM nightshift.event WHERE kind = 'not-found' AND run = " + run.run()))
                .isEqualTo("2 listed keys were not found, or do not qualify: 7; 30");

        assertThat(TestRun.prove(home, run.run()).holds())
                .as("what is not listed was not meant")
                .isTrue();

        RunResult whole = TestRun.of(home, "close-listed-boxes");
        assertThat(whole.run()).as("without a list it is other work").isNotEqualTo(run.run());
        assertThat(closed()).isEqualTo("100");
    }

    @Test
    void keysOfSeveralColumnsAreListedAsCsvAndAreFrozenIntoTheRun() {
        Home home = TestHome.in(directory)
                .with("mappers/box.xml", MAPPER)
                .with(
                        "jobs/take-places.yml",
                        "chunk: 1\nsteps:\n  - update: {table: shelf, keys: box.shelves, apply: box.take}\n")
                .on(DATABASE)
                .home();
        DATABASE.execute("ALTER TABLE shelf ADD CONSTRAINT not_yet CHECK (NOT (shelf = 'b, c' AND taken))");
        RunResult failed = run(home, "take-places", "a,1\n\"b, c\",2\na,3\n");
        assertThat(failed.status()).isEqualTo("FAILED");

        DATABASE.execute("ALTER TABLE shelf DROP CONSTRAINT not_yet; DELETE FROM nightshift.reject;"
                + " UPDATE nightshift.ledger SET rejected = 0, skipped = 1 WHERE rejected = 1");
        RunResult resumed = TestRun.resume(home, failed.run());

        assertThat(resumed.problems()).isEmpty();
        assertThat(DATABASE.value("SELECT count(*) FROM shelf WHERE taken")).isEqualTo("2");
        assertThat(run(home, "take-places", "a,4,5\nb\n").problems())
                .extracting(Problem::text)
                .first()
                .asString()
                .startsWith("--keys-from:1: has 3 fields, and the keys of this job have 2 columns");
        assertThat(run(home, "take-places", "a,1\n\"b, c,2\n").problems())
                .extracting(Problem::text)
                .first()
                .asString()
                .startsWith("--keys-from:2: a quote is not closed");
        RunResult unfit = run(home, "take-places", "a,two\n");
        assertThat(unfit.exit()).isEqualTo(ExitCode.USAGE);
        assertThat(unfit.problem().orElseThrow().what()).isEqualTo("invalid input syntax for type integer: \"two\"");
    }

    @Test
    void aLongListIsWorkedOffInPiecesWithSeveralConnections() {
        DATABASE.execute("INSERT INTO box SELECT n FROM generate_series(1001, 20000) n");
        Home home = close("close-many-boxes", "", "connections: 3");
        String odd = java.util.stream.IntStream.range(0, 12_000)
                .map(n -> 29_999 - 2 * n)
                .mapToObj(Integer::toString)
                .collect(java.util.stream.Collectors.joining("\n"));

        RunResult run = run(home, "close-many-boxes", odd);

        assertThat(run.problems()).isEmpty();
        assertThat(closed()).isEqualTo("7000");
        assertThat(DATABASE.value("SELECT count(*) FROM box WHERE state = 'closed' AND (id % 2 = 0 OR id < 6001)"))
                .isEqualTo("0");
        assertThat(DATABASE.value("SELECT count(*) FROM nightshift.piece WHERE run = " + run.run()))
                .isEqualTo("2");
    }

    private Home close(String job, String ofJob, String ofStep) {
        return TestHome.in(directory)
                .with("mappers/box.xml", MAPPER)
                .with(
                        "jobs/" + job + ".yml",
                        "%s\nsteps:\n  - update:\n      table: box\n      keys: box.open\n      apply: box.close\n      %s\n"
                                .formatted(ofJob, ofStep.replace("%, ", "%\n      ")))
                .on(DATABASE)
                .home();
    }

    private static String closed() {
        return DATABASE.value("SELECT count(*) FROM box WHERE state = 'closed'");
    }

    private static RunResult run(Home home, String job, String list) {
        StartRequest plain = TestRun.request(home, job);
        StartRequest request = new StartRequest(
                job,
                plain.arguments(),
                false,
                Optional.empty(),
                plain.directory(),
                Optional.empty(),
                "tester",
                Optional.of(new ListedKeys(list)));
        try (Database database = Database.open(home, Settings.of(home), Database.Access.WRITE);
                Engine engine = Engine.open(home, Settings.of(home), database)) {
            return engine.run(request, Progress.SILENT);
        }
    }

    private static Planner.JobPlan plan(Home home, String job) {
        try (Database database = Database.open(home, Settings.of(home), Database.Access.READ)) {
            return new Planner(home, database).plan(TestRun.request(home, job));
        }
    }
}
