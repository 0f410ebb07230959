package io.nightshift.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.nightshift.ItemsJob;
import io.nightshift.OtherSession;
import io.nightshift.TestDatabase;
import io.nightshift.TestHome;
import io.nightshift.TestRun;
import io.nightshift.chunk.Progress;
import io.nightshift.content.Home;
import io.nightshift.content.Settings;
import io.nightshift.database.Database;
import io.nightshift.problem.ExitCode;
import io.nightshift.problem.ProblemException;
import io.nightshift.run.books.RunResult;
import io.nightshift.run.history.RunDetails;
import io.nightshift.run.work.StartRequest;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a request means while there is a run of the same work: at work, unfinished, changed since, too old. */
class UnfinishedWorkTest {

    private static final TestDatabase DATABASE = TestDatabase.create();

    private static final String MAPPER =
            """
            <mapper namespace="notes">
              <insert id="note">
                /* nightshift: notes.note */
                INSERT INTO notes (text) VALUES ('%s')
              </insert>
              <insert id="noteWhenOpen">
                /* nightshift: notes.noteWhenOpen */
                INSERT INTO notes (text)
                SELECT 'opened ' || 1 / CASE WHEN open THEN 1 ELSE 0 END
                FROM gate
              </insert>
            </mapper>
            """;

    @TempDir
    Path directory;

    @AfterAll
    static void drop() {
        DATABASE.close();
    }

    @BeforeEach
    void aClosedGate() {
        DATABASE.execute(
                """
                DROP TABLE IF EXISTS notes, gate;
                CREATE TABLE notes (id bigint GENERATED ALWAYS AS IDENTITY, text text);
                CREATE TABLE gate (open boolean NOT NULL);
                INSERT INTO gate VALUES (false)""");
    }

    @Test
    void whoComesSecondIsToldWhoIsAtItSinceWhen() {
        ItemsJob job = ItemsJob.on(DATABASE, "taken");
        Home home = job.home(directory);
        try (OtherSession gate = job.holdAt(1)) {
            CompletableFuture<RunResult> run = TestRun.inBackground(home, "taken");
            gate.awaitWaiting(run, "items.close");

            ProblemException second = refusal(() -> TestRun.of(home, "taken"));

            assertThat(second.exit()).isEqualTo(ExitCode.ALREADY_RUNNING);
            assertThat(second.problems().get(0).where()).isEqualTo("Job taken");
            assertThat(second.problems().get(0).what())
                    .matches("is already running: run \\d+, started by tester on \\S+ at \\S+Z");
            gate.commit();
            assertThat(run.join().status()).isEqualTo("COMPLETED");
        }
        assertThat(job.state()).isEqualTo("10");
    }

    @Test
    void ofManyAtOnceOneRuns() throws Exception {
        ItemsJob job = ItemsJob.on(DATABASE, "crowded");
        Home home = job.home(directory);
        List<CompletableFuture<RunResult>> runs;
        try (OtherSession gate = job.holdAt(1)) {
            runs = IntStream.range(0, 4)
                    .mapToObj(number -> TestRun.inBackground(home, "crowded"))
                    .toList();
            while (runs.stream().filter(CompletableFuture::isDone).count() < 3) {
                Thread.sleep(20);
            }
            gate.commit();
            runs.forEach(run -> run.exceptionally(refused -> null).join());
        }
        assertThat(runs).filteredOn(run -> !run.isCompletedExceptionally()).hasSize(1);
        assertThat(DATABASE.value("SELECT count(*) FROM nightshift.run WHERE job = 'crowded'"))
                .isEqualTo("1");
        assertThat(job.state()).isEqualTo("10");
    }

    @Test
    void runsWithOtherParametersGoSideBySideWhereTheJobAllowsIt() {
        ItemsJob job = ItemsJob.on(DATABASE, "beside");
        job.home(directory);
        Home home = TestHome.in(directory)
                .with(
                        "jobs/beside.yml",
                        """
                        side-by-side: true
                        lock-timeout: none
                        parameters:
                          part: {type: integer, required: true}
                        steps:
                          - update: {table: items, keys: items.open, apply: items.close, chunk: 1}
                        """)
                .home();
        try (OtherSession gate = job.holdAt(1)) {
            CompletableFuture<RunResult> first = TestRun.inBackground(home, "beside", "part=1");
            gate.awaitWaiting(first, "items.close");

            assertThat(refusal(() -> TestRun.of(home, "beside", "part=1")).exit())
                    .isEqualTo(ExitCode.ALREADY_RUNNING);
            CompletableFuture<RunResult> other = TestRun.inBackground(home, "beside", "part=2");
            OtherSession.await(
                    DATABASE,
                    other,
                    "SELECT count(*) = 2 FROM nightshift.attempt a JOIN nightshift.run r USING (run) WHERE r.job ="
                            + " 'beside'");
            gate.commit();
            assertThat(first.join().run()).isNotEqualTo(other.join().run());
        }
        assertThat(job.state()).isEqualTo("10");
    }

    @Test
    void aNewRunAbandonsTheUnfinishedOne() {
        Home home = home("anew", "first words");
        long old = TestRun.of(home, "anew").run();
        DATABASE.execute("UPDATE gate SET open = true");

        RunResult result = fresh(home, "anew");

        assertThat(result.status()).isEqualTo("COMPLETED");
        assertThat(result.run()).isNotEqualTo(old);
        assertThat(DATABASE.value("SELECT state || ': ' || reason FROM nightshift.run WHERE run = " + old))
                .isEqualTo("ABANDONED: a new run was started instead (--new)");
        assertThat(notes()).isEqualTo("first words, first words, opened 1");
        assertThat(refusal(() -> TestRun.resume(home, old)).exit()).isEqualTo(ExitCode.REFUSED);
    }

    @Test
    void anUnfinishedRunWhoseContentHasChangedIsRefusedAndResumedAsItWasFrozen() {
        Home home = home("changed", "as it was");
        long run = TestRun.of(home, "changed").run();
        DATABASE.execute("UPDATE gate SET open = true; TRUNCATE notes");
        TestHome.in(directory)
                .with("mappers/notes.xml", MAPPER.formatted("changed").replace("'opened '", "'changed '"))
                .with(
                        "jobs/changed.yml",
                        "steps:\n"
                                + "  - sql: notes.note\n"
                                + "  - sql: notes.noteWhenOpen\n"
                                + "  - sql: {name: more, statement: notes.note}\n");

        ProblemException refused = refusal(() -> TestRun.of(home, "changed"));

        assertThat(refused.exit()).isEqualTo(ExitCode.REFUSED);
        assertThat(refused.problems().get(0).what())
                .isEqualTo("is unfinished (FAILED), and its job file or statements have changed since");
        assertThat(refused.problems().get(0).fix())
                .isEqualTo(
                        "Continue it as it was frozen: nightshift resume %d. Or leave it and start anew: nightshift run changed --new"
                                .formatted(run));
        assertThat(TestRun.resume(home, run).status()).isEqualTo("COMPLETED");
        assertThat(notes()).isEqualTo("opened 1");
    }

    @Test
    void anUnfinishedRunThatIsTooOldIsRefusedAndCanBeResumed() {
        Home home = home("old", "long ago");
        long run = TestRun.of(home, "old").run();
        DATABASE.execute(
                "UPDATE gate SET open = true; UPDATE nightshift.run SET started_at = started_at - interval '30 hours'"
                        + " WHERE run = "
                        + run);

        ProblemException refused = refusal(() -> TestRun.of(home, "old"));

        assertThat(refused.exit()).isEqualTo(ExitCode.REFUSED);
        assertThat(refused.problems().get(0).what()).isEqualTo("is unfinished (FAILED) and 30 hours old");
        assertThat(TestRun.resume(home, run).status()).isEqualTo("COMPLETED");
        assertThat(notes()).isEqualTo("long ago, opened 1");
    }

    @Test
    void aRunThatFinishedIsFollowedByANewOne() {
        DATABASE.execute("UPDATE gate SET open = true");
        Home home = home("again", "once more");

        long first = TestRun.of(home, "again").run();
        long second = TestRun.of(home, "again").run();

        assertThat(second).isGreaterThan(first);
        assertThat(notes()).isEqualTo("once more, opened 1, once more, opened 1");
    }

    @Test
    void aFailureNamesItsStepAndTheTimeBetweenTwoAttemptsIsNobodys() {
        Home home = home("again", "once more");

        RunResult failed = TestRun.of(home, "again");

        assertThat(failed.problem().orElseThrow().where()).matches("jobs/again.yml:\\d+ \\(steps\\[1\\]\\.sql\\)");
        for (String table : List.of("attempt", "step")) {
            DATABASE.execute("UPDATE nightshift.%s SET started_at = started_at - interval '1 hour',".formatted(table)
                    + " ended_at = ended_at - interval '1 hour' WHERE run = " + failed.run());
        }
        DATABASE.execute("UPDATE gate SET open = true");
        RunResult resumed = TestRun.resume(home, failed.run());

        assertThat(resumed.status()).isEqualTo("COMPLETED");
        assertThat(resumed.steps())
                .allSatisfy(step -> assertThat(step.seconds()).isBetween(0.0, 600.0));
        try (Database database = Database.open(home, Settings.of(home), Database.Access.READ)) {
            assertThat(new RunDetails(database, failed.run()).steps())
                    .as("what show tells is what the run has told")
                    .extracting(RunDetails.Step::seconds)
                    .containsExactlyElementsOf(resumed.steps().stream()
                            .map(step -> Math.round(step.seconds() * 1000) / 1000.0)
                            .toList());
        }
    }

    @Test
    void aFailedChildIsContinuedWithItsParent() {
        home("child", "child");
        Home home = TestHome.in(directory)
                .with(
                        "jobs/parent.yml",
                        "steps:\n"
                                + "  - sql: notes.note\n"
                                + "  - job: {name: child}\n"
                                + "  - sql: {name: last, statement: notes.note}\n")
                .home();
        RunResult failed = TestRun.of(home, "parent");
        assertThat(failed.status()).isEqualTo("FAILED");
        assertThat(failed.problem().orElseThrow().what()).isEqualTo("division by zero (SQLSTATE 22012)");
        DATABASE.execute("UPDATE gate SET open = true");

        RunResult result = TestRun.of(home, "parent");

        assertThat(result.problem()).isEmpty();
        assertThat(result.run()).isEqualTo(failed.run());
        assertThat(notes()).isEqualTo("child, child, opened 1, child");
        assertThat(DATABASE.value(
                        "SELECT string_agg(r.state || ' ' || (SELECT count(*) FROM nightshift.attempt a WHERE a.run ="
                                + " r.run), ', ') FROM nightshift.run r WHERE parent_run = " + result.run()))
                .isEqualTo("COMPLETED 2");
    }

    @Test
    void aChildThatHadNotBegunIsStartedAsItWasFrozenIntoItsParent() {
        DATABASE.execute("DELETE FROM gate; INSERT INTO gate VALUES (false)");
        home("later-child", "frozen");
        Home home = TestHome.in(directory)
                .with("jobs/later-child.yml", "steps:\n  - sql: notes.note\n")
                .with("jobs/early-parent.yml", "steps:\n  - sql: notes.noteWhenOpen\n  - job: {name: later-child}\n")
                .home();
        RunResult failed = TestRun.of(home, "early-parent");
        assertThat(failed.status()).isEqualTo("FAILED");
        DATABASE.execute("UPDATE gate SET open = true");
        TestHome.in(directory).with("mappers/notes.xml", MAPPER.formatted("changed"));

        RunResult result = TestRun.resume(home, failed.run());

        assertThat(result.problem()).isEmpty();
        assertThat(notes()).isEqualTo("opened 1, frozen");
    }

    /** A job that notes these words, and then fails as long as the gate is closed. */
    private Home home(String job, String words) {
        return TestHome.in(directory)
                .with("mappers/notes.xml", MAPPER.formatted(words))
                .with("jobs/" + job + ".yml", "steps:\n  - sql: notes.note\n  - sql: notes.noteWhenOpen\n")
                .on(DATABASE)
                .home();
    }

    private static RunResult fresh(Home home, String job) {
        Settings settings = Settings.of(home);
        try (Database database = Database.open(home, settings, Database.Access.WRITE);
                Engine engine = Engine.open(home, settings, database)) {
            return engine.run(
                    new StartRequest(job, Map.of(), true, Optional.empty(), home.root(), Optional.empty(), "tester"),
                    Progress.SILENT);
        }
    }

    private static ProblemException refusal(Callable<RunResult> run) {
        return catchThrowableOfType(ProblemException.class, run::call);
    }

    private static String notes() {
        return DATABASE.value("SELECT string_agg(text, ', ' ORDER BY id) FROM notes");
    }
}
