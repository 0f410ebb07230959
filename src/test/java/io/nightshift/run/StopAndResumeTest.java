package io.nightshift.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nightshift.ItemsJob;
import io.nightshift.OtherSession;
import io.nightshift.TestDatabase;
import io.nightshift.TestHome;
import io.nightshift.TestRun;
import io.nightshift.chunk.Counts;
import io.nightshift.chunk.Progress;
import io.nightshift.content.Home;
import io.nightshift.content.Settings;
import io.nightshift.database.Database;
import io.nightshift.problem.ExitCode;
import io.nightshift.problem.ProblemException;
import io.nightshift.run.books.RunResult;
import io.nightshift.run.work.StartRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stopping is safe at any time, and what was stopped goes on where it was. */
class StopAndResumeTest {

    private static final TestDatabase DATABASE = TestDatabase.create();

    @TempDir
    Path directory;

    @AfterAll
    static void drop() {
        DATABASE.close();
    }

    @Test
    void aRunThatIsAskedToStopEndsAtAChunkBoundaryAndIsResumedToTheEnd() {
        ItemsJob job = ItemsJob.on(DATABASE, "stop-outside");
        Home home = job.home(directory);
        RunResult stopped;
        try (OtherSession gate = job.holdAt(4)) {
            CompletableFuture<RunResult> run = TestRun.inBackground(home, "stop-outside");
            gate.awaitWaiting(run, "items.close");
            long number = runOf("stop-outside");
            try (Database database = DATABASE.open()) {
                assertThat(new RunControl(database).requestStop(number, "anna", false))
                        .isTrue();
            }
            OtherSession.await(DATABASE, run, heard(number));
            pause(Duration.ofMillis(1_500));
            gate.commit();
            stopped = run.join();
        }
        assertThat(stopped.status()).isEqualTo("STOPPED");
        assertThat(stopped.exit()).isEqualTo(ExitCode.STOPPED);
        assertThat(stopped.problem().orElseThrow().what()).isEqualTo("stopped before the end: asked to by anna");
        assertThat(stopped.rows()).isEqualTo(new Counts(4, 4, 0, 0));
        assertThat(job.state()).isEqualTo("4");

        RunResult resumed = TestRun.resume(home, stopped.run());

        assertThat(resumed.status()).isEqualTo("COMPLETED");
        assertThat(resumed.attempts()).isEqualTo(2);
        assertThat(resumed.rows()).isEqualTo(new Counts(10, 10, 0, 0));
        assertThat(job.state()).isEqualTo("10");
    }

    @Test
    void stoppingAtOnceRollsTheChunkUnderWayBack() {
        ItemsJob job = ItemsJob.on(DATABASE, "stop-now");
        Home home = job.home(directory);
        Settings settings = Settings.of(home);
        try (Database database = Database.open(home, settings, Database.Access.WRITE);
                Engine engine = Engine.open(home, settings, database);
                OtherSession gate = job.holdAt(4)) {
            CompletableFuture<RunResult> run =
                    CompletableFuture.supplyAsync(() -> engine.run(TestRun.request(home, "stop-now"), Progress.SILENT));
            gate.awaitWaiting(run, "items.close");
            engine.stopNow("interrupt");
            RunResult stopped = run.join();
            assertThat(stopped.problem().orElseThrow().what()).isEqualTo("stopped before the end: interrupt");
            assertThat(stopped.exit()).isEqualTo(ExitCode.STOPPED);
            assertThat(stopped.rows()).isEqualTo(new Counts(3, 3, 0, 0));
        }
        assertThat(job.state()).isEqualTo("3");

        assertThat(TestRun.of(home, "stop-now").rows()).isEqualTo(new Counts(10, 10, 0, 0));
        assertThat(job.state()).isEqualTo("10");
    }

    @Test
    void stoppingAtOnceWorksFromAnywhere() {
        ItemsJob job = ItemsJob.on(DATABASE, "stop-afar");
        Home home = job.home(directory);
        try (OtherSession gate = job.holdAt(4)) {
            CompletableFuture<RunResult> run = TestRun.inBackground(home, "stop-afar");
            gate.awaitWaiting(run, "items.close");
            try (Database database = DATABASE.open()) {
                assertThat(new RunControl(database).requestStop(runOf("stop-afar"), "anna", true))
                        .isTrue();
            }
            RunResult stopped = run.join();
            assertThat(stopped.exit()).isEqualTo(ExitCode.STOPPED);
            assertThat(stopped.problem().orElseThrow().what()).isEqualTo("stopped before the end: asked to by anna");
        }
        assertThat(job.state()).isEqualTo("3");

        assertThat(TestRun.of(home, "stop-afar").rows()).isEqualTo(new Counts(10, 10, 0, 0));
        assertThat(job.state()).isEqualTo("10");
    }

    @Test
    void stoppingAtOnceIsNoFailureWhileTheStepStillPrepares() {
        DATABASE.execute(
                "DROP TABLE IF EXISTS ends; CREATE TABLE ends (id bigint PRIMARY KEY); INSERT INTO ends VALUES (1)");
        Home home = TestHome.in(directory)
                .with(
                        "mappers/ends.xml",
                        """
                        <mapper namespace="ends">
                          <select id="slow">
                            /* nightshift: ends.slow */
                            SELECT id
                            FROM ends
                            WHERE pg_sleep(20) IS NOT NULL
                          </select>
                          <delete id="remove">
                            /* nightshift: ends.remove */
                            DELETE FROM ends
                            WHERE id = ANY (#{keys})
                          </delete>
                        </mapper>
                        """)
                .with(
                        "jobs/stop-early.yml",
                        "steps:\n  - delete: {table: ends, keys: ends.slow, apply: ends.remove, lock: true}\n")
                .on(DATABASE)
                .home();
        Settings settings = Settings.of(home);
        try (Database database = Database.open(home, settings, Database.Access.WRITE);
                Engine engine = Engine.open(home, settings, database)) {
            CompletableFuture<RunResult> run = CompletableFuture.supplyAsync(
                    () -> engine.run(TestRun.request(home, "stop-early"), Progress.SILENT));
            OtherSession.await(
                    DATABASE,
                    run,
                    "SELECT count(*) > 0 FROM pg_stat_activity WHERE datname = current_database() AND wait_event ="
                            + " 'PgSleep'");
            engine.stopNow("interrupt");
            assertThat(run.join().status()).isEqualTo("STOPPED");
        }
        assertThat(DATABASE.value("SELECT count(*) FROM ends")).isEqualTo("1");
    }

    @Test
    void aRunStopsByItselfWhenItsTimeIsOver() {
        ItemsJob job = ItemsJob.on(DATABASE, "stop-in-time");
        Home home = job.home(directory);
        RunResult stopped;
        try (OtherSession gate = job.holdAt(2)) {
            CompletableFuture<RunResult> run = inBackground(home, atMost("stop-in-time", Duration.ofSeconds(1)));
            gate.awaitWaiting(run, "items.close");
            pause(Duration.ofMillis(1_200));
            gate.commit();
            stopped = run.join();
        }
        assertThat(stopped.exit()).isEqualTo(ExitCode.STOPPED);
        assertThat(stopped.problem().orElseThrow().what())
                .isEqualTo("stopped before the end: the time allowed for it (at-most PT1S) is over");
        assertThat(job.state()).isEqualTo("2");
        assertThat(TestRun.of(home, "stop-in-time").status()).isEqualTo("COMPLETED");
        assertThat(job.state()).isEqualTo("10");
    }

    @Test
    void theTimeOfAChildDoesNotBoundTheStepsBehindIt() {
        ItemsJob job = ItemsJob.on(DATABASE, "child-in-time");
        job.home(directory);
        Home home = TestHome.in(directory)
                .with("jobs/child-in-time.yml", "at-most: 3 seconds\nsteps:\n  - sql: pauses.none\n")
                .with(
                        "jobs/parent.yml",
                        "at-most: 1h\n"
                                + "steps:\n"
                                + "  - job: {name: child-in-time}\n"
                                + "  - sql: pauses.some\n"
                                + "  - sql: pauses.none\n")
                .with(
                        "mappers/pauses.xml",
                        """
                        <mapper namespace="pauses">
                          <select id="none">
                            /* nightshift: pauses.none */
                            SELECT 1
                          </select>
                          <select id="some">
                            /* nightshift: pauses.some */
                            SELECT pg_sleep(3.5)
                          </select>
                        </mapper>
                        """)
                .home();

        RunResult result = TestRun.of(home, "parent");

        assertThat(result.problem()).isEmpty();
        assertThat(result.status()).isEqualTo("COMPLETED");
    }

    @Test
    void aFinishedRunIsNotResumed() {
        ItemsJob job = ItemsJob.on(DATABASE, "finished");
        Home home = job.home(directory);
        long run = TestRun.of(home, "finished").run();

        assertThatThrownBy(() -> TestRun.resume(home, run)).isInstanceOfSatisfying(ProblemException.class, refused -> {
            assertThat(refused.exit()).isEqualTo(ExitCode.REFUSED);
            assertThat(refused.problems().get(0).what()).isEqualTo("is COMPLETED and cannot be continued");
        });
    }

    private static StartRequest atMost(String job, Duration atMost) {
        return new StartRequest(
                job, java.util.Map.of(), false, Optional.of(atMost), Path.of(""), Optional.empty(), "tester");
    }

    private static CompletableFuture<RunResult> inBackground(Home home, StartRequest request) {
        return CompletableFuture.supplyAsync(() -> {
            Settings settings = Settings.of(home);
            try (Database database = Database.open(home, settings, Database.Access.WRITE);
                    Engine engine = Engine.open(home, settings, database)) {
                return engine.run(request, Progress.SILENT);
            }
        });
    }

    private static long runOf(String job) {
        return Long.parseLong(DATABASE.value("SELECT max(run) FROM nightshift.run WHERE job = '" + job + "'"));
    }

    private static String heard(long run) {
        return "SELECT stop_requested_at IS NOT NULL FROM nightshift.run WHERE run = " + run;
    }

    private static void pause(Duration time) {
        try {
            Thread.sleep(time.toMillis());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
