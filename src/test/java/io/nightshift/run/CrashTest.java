package io.nightshift.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.ItemsJob;
import io.nightshift.OtherSession;
import io.nightshift.RunProcess;
import io.nightshift.TestDatabase;
import io.nightshift.TestRun;
import io.nightshift.chunk.Counts;
import io.nightshift.chunk.Progress;
import io.nightshift.content.Home;
import io.nightshift.content.Settings;
import io.nightshift.database.Database;
import io.nightshift.problem.ExitCode;
import io.nightshift.problem.ProblemException;
import io.nightshift.run.books.RunResult;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes and sessions die in the middle of a chunk; the rows end as after an undisturbed run. */
class CrashTest {

    private static final TestDatabase DATABASE = TestDatabase.create();

    @TempDir
    Path directory;

    @AfterAll
    static void drop() {
        DATABASE.close();
    }

    @Test
    void aRunWhoseProcessWasKilledIsContinuedByTheNextCommand() throws Exception {
        ItemsJob job = ItemsJob.on(DATABASE, "killed");
        Home home = job.home(directory);
        RunResult result;
        try (OtherSession gate = job.holdAt(4)) {
            Process process = RunProcess.start(home, "killed");
            gate.awaitWaiting(process.onExit(), "items.close");
            process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
            assertThat(job.state()).isEqualTo("3");
            wasKilledHoursAgo("killed");

            // The dead process's session still waits for the gate.
            CompletableFuture<RunResult> run = TestRun.inBackground(home, "killed");
            OtherSession.await(
                    DATABASE,
                    run,
                    """
                    SELECT count(*) = 2
                    FROM nightshift.attempt
                      JOIN nightshift.run USING (run)
                    WHERE job = 'killed'""");
            gate.awaitWaiting(run, "items.close").commit();
            result = run.join();
        }
        assertThat(result.problem()).isEmpty();
        assertThat(result.status()).isEqualTo("COMPLETED");
        assertThat(result.attempts()).isEqualTo(2);
        assertThat(result.rows()).isEqualTo(new Counts(10, 10, 0, 0));
        assertThat(job.state()).isEqualTo("10");
        assertThat(events(result)).isEqualTo("crash: its process was found gone: the lock was free");
        assertThat(attempts(result)).isEqualTo("FAILED: its process was gone, COMPLETED");
        assertThat(result.seconds()).isLessThan(3_600);
        assertThat(result.steps().get(0).seconds()).isLessThan(3_600);
        assertThat(unfinishedExecutions()).isEqualTo("0");
    }

    private static void wasKilledHoursAgo(String job) {
        for (String table : new String[] {"attempt", "step", "ledger"}) {
            DATABASE.execute("UPDATE nightshift." + table + " SET started_at = started_at - interval '8 hours'"
                    + " WHERE run = (SELECT run FROM nightshift.run WHERE job = '" + job + "')");
        }
    }

    @Test
    void aSessionThatIsEndedInTheMiddleOfAChunkIsFollowedByAnotherAttempt() {
        ItemsJob job = ItemsJob.on(DATABASE, "ended");
        Home home = job.home(directory);

        RunResult result = whileSessionEnds(job, home);

        assertThat(result.problem()).isEmpty();
        assertThat(result.attempts()).isEqualTo(2);
        assertThat(result.rows()).isEqualTo(new Counts(10, 10, 0, 0));
        assertThat(result.steps().get(0).retries()).isEqualTo(1);
        assertThat(job.state()).isEqualTo("10");
        assertThat(unfinishedExecutions()).isEqualTo("0");
    }

    @Test
    void withoutRetriesTheRunFailsAndIsResumedToTheEnd() {
        ItemsJob job = ItemsJob.on(DATABASE, "ended-for-good");
        Home home = job.home(directory, "run.retries: 0");

        RunResult failed = whileSessionEnds(job, home);

        assertThat(failed.status()).isEqualTo("FAILED");
        assertThat(failed.exit()).isEqualTo(ExitCode.FAILED);
        assertThat(failed.problem().orElseThrow().what())
                .isEqualTo("terminating connection due to administrator command (SQLSTATE 57P01)");
        assertThat(failed.rows()).isEqualTo(new Counts(3, 3, 0, 0));

        RunResult resumed = TestRun.resume(home, failed.run());

        assertThat(resumed.status()).isEqualTo("COMPLETED");
        assertThat(resumed.rows()).isEqualTo(new Counts(10, 10, 0, 0));
        assertThat(job.state()).isEqualTo("10");
        assertThat(unfinishedExecutions()).isEqualTo("0");
    }

    @Test
    void aRunThatLosesItsLockTakesItAgainBeforeItGoesOn() throws Exception {
        ItemsJob job = ItemsJob.on(DATABASE, "unlocked");
        Home home = job.home(directory);
        RunResult result;
        try (OtherSession gate = job.holdAt(4)) {
            CompletableFuture<RunResult> run = TestRun.inBackground(home, "unlocked");
            gate.awaitWaiting(run, "items.close");
            endLockOf("unlocked");
            Thread.sleep(2_500);
            gate.commit();
            result = run.join();
        }
        assertThat(result.problem()).isEmpty();
        assertThat(result.attempts()).isEqualTo(2);
        assertThat(attempts(result))
                .isEqualTo("FAILED: the connection that holds the lock on the work was lost, COMPLETED");
        assertThat(events(result))
                .startsWith("retry: the connection that holds the lock on the work was lost (SQLSTATE 08006);"
                        + " attempt again (1 of 5) in 0.");
        assertThat(job.state()).isEqualTo("10");
    }

    @Test
    void aRunThatLosesItsLockToSomebodyElseBeginsNoFurtherChunk() throws Exception {
        ItemsJob job = ItemsJob.on(DATABASE, "robbed");
        Home home = job.home(directory);
        try (OtherSession gate = job.holdAt(4);
                OtherSession robber = OtherSession.on(DATABASE)) {
            CompletableFuture<RunResult> run = TestRun.inBackground(home, "robbed");
            gate.awaitWaiting(run, "items.close");
            endLockOf("robbed");
            robber.execute("SELECT pg_advisory_lock(hashtextextended('nightshift job robbed', 0))");
            Thread.sleep(2_500);
            gate.commit();
            assertThat(run.handle((result, lost) -> lost.getCause().getMessage())
                            .join())
                    .contains(
                            "the connection that holds the lock on the work was lost, and somebody else has it by now");
        }
        assertThat(job.state()).isEqualTo("4");
        assertThat(TestRun.of(home, "robbed").status()).isEqualTo("COMPLETED");
        assertThat(job.state()).isEqualTo("10");
    }

    @Test
    void aRunIsTakenOverFromAProcessThatStillHasItsLock() {
        ItemsJob job = ItemsJob.on(DATABASE, "taken");
        Home home = job.home(directory);
        RunResult taken;
        try (OtherSession gate = job.holdAt(4)) {
            CompletableFuture<RunResult> frozen = TestRun.inBackground(home, "taken");
            gate.awaitWaiting(frozen, "items.close");
            long number = Long.parseLong(DATABASE.value("SELECT run FROM nightshift.run WHERE job = 'taken'"));
            Settings settings = Settings.of(home);
            try (Database database = Database.open(home, settings, Database.Access.WRITE);
                    Engine engine = Engine.open(home, settings, database)) {
                CompletableFuture<RunResult> other =
                        CompletableFuture.supplyAsync(() -> engine.resume(number, "anna", true, Progress.SILENT));
                OtherSession.await(
                        DATABASE, other, "SELECT count(*) > 1 FROM nightshift.attempt WHERE run = " + number);
                gate.commit();
                taken = other.join();
            }
            assertThat(frozen.handle((result, lost) ->
                                    lost == null ? result.exit() : ((ProblemException) lost.getCause()).exit())
                            .join())
                    .isEqualTo(ExitCode.FAILED);
        }
        assertThat(taken.status()).isEqualTo("COMPLETED");
        assertThat(taken.rows()).isEqualTo(new Counts(10, 10, 0, 0));
        assertThat(events(taken)).startsWith("take-over: taken from tester on ");
        assertThat(job.state()).isEqualTo("10");
    }

    @Test
    void aChunkOfAnAbandonedRunIsNotCommittedAnyMore() {
        ItemsJob job = ItemsJob.on(DATABASE, "frozen");
        Home home = job.home(directory);
        try (OtherSession gate = job.holdAt(4)) {
            CompletableFuture<RunResult> run = TestRun.inBackground(home, "frozen");
            gate.awaitWaiting(run, "items.close");
            endLockOf("frozen");
            // The work is free now, and what holds it still works on its chunk.
            try (Database database = DATABASE.open()) {
                long number = Long.parseLong(DATABASE.value("SELECT run FROM nightshift.run WHERE job = 'frozen'"));
                OtherSession.await(
                        DATABASE,
                        run,
                        "SELECT count(*) = 0 FROM pg_stat_activity WHERE application_name = 'nightshift lock frozen'");
                new RunControl(database).abandon(number, "anna", "the machine is gone");
            }
            gate.commit();
            // It may see that it has lost its lock, or that it has lost its run.
            assertThat(run.handle((result, lost) ->
                                    lost == null ? result.exit() : ((ProblemException) lost.getCause()).exit())
                            .join())
                    .isEqualTo(ExitCode.FAILED);
        }
        assertThat(job.state()).isEqualTo("3");
        assertThat(DATABASE.value("SELECT state FROM nightshift.run WHERE job = 'frozen'"))
                .isEqualTo("ABANDONED");
    }

    @Test
    void sessionsThatOnlyBearTheNameOfADeadRunAreLeftAlone() throws Exception {
        ItemsJob job = ItemsJob.on(DATABASE, "namesake");
        Home home = job.home(directory);
        DATABASE.execute("ALTER TABLE gates ADD CHECK (times = 0)");
        long run = TestRun.of(home, "namesake").run();
        DATABASE.execute("ALTER TABLE gates DROP CONSTRAINT gates_times_check");
        DATABASE.execute("UPDATE nightshift.run SET state = 'STARTED' WHERE run = " + run);
        DATABASE.execute("DELETE FROM nightshift.ledger WHERE run = " + run);
        String name = "SET application_name = 'nightshift namesake " + run + " items'";
        try (TestDatabase elsewhere = TestDatabase.create();
                OtherSession here = OtherSession.on(DATABASE).execute(name);
                OtherSession there = OtherSession.on(elsewhere).execute(name)) {
            assertThat(TestRun.of(home, "namesake").status()).isEqualTo("COMPLETED");
            here.execute("SELECT 1");
            there.execute("SELECT 1");
        }
        assertThat(job.state()).isEqualTo("10");
    }

    private static void endLockOf(String job) {
        DATABASE.execute(
                """
                SELECT pg_terminate_backend(pid)
                FROM pg_stat_activity
                WHERE datname = current_database()
                  AND application_name = 'nightshift lock %s'"""
                        .formatted(job));
    }

    /** Runs the job, and ends its session in the middle of the fourth chunk. */
    private static RunResult whileSessionEnds(ItemsJob job, Home home) {
        try (OtherSession gate = job.holdAt(4)) {
            CompletableFuture<RunResult> run = TestRun.inBackground(home, job.name());
            gate.awaitWaiting(run, "items.close");
            DATABASE.execute(
                    """
                    SELECT pg_terminate_backend(pid)
                    FROM pg_stat_activity
                    WHERE datname = current_database()
                      AND wait_event_type = 'Lock'
                      AND application_name LIKE 'nightshift %'""");
            gate.commit();
            return run.join();
        }
    }

    private static String events(RunResult result) {
        return DATABASE.value(
                "SELECT string_agg(kind || ': ' || message, ', ' ORDER BY id) FROM nightshift.event WHERE run = "
                        + result.run());
    }

    private static String attempts(RunResult result) {
        return DATABASE.value(
                "SELECT string_agg(concat_ws(': ', state, reason), ', ' ORDER BY attempt) FROM nightshift.attempt WHERE run = "
                        + result.run());
    }

    /** What Spring Batch takes for running, or does not know. */
    private static String unfinishedExecutions() {
        return DATABASE.value(
                """
                SELECT (SELECT count(*) FROM nightshift.batch_step_execution WHERE status NOT IN ('COMPLETED', 'FAILED', 'STOPPED'))
                  + (SELECT count(*) FROM nightshift.batch_job_execution WHERE status NOT IN ('COMPLETED', 'FAILED', 'STOPPED'))""");
    }
}
