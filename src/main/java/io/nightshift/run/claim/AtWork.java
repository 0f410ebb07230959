package io.nightshift.run.claim;

import io.nightshift.database.Database;
import io.nightshift.problem.ExitCode;
import io.nightshift.problem.ProblemException;
import io.nightshift.run.books.Replays;
import io.nightshift.run.books.RunRow;
import io.nightshift.run.books.Runs;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** Tells whoever comes second who is at work on a job, where and since when. */
record AtWork(Database database, String job) {

    /** Between taking its lock and writing down its run, a process needs a moment. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final long LOOK_EVERY_MILLIS = 50;

    ProblemException refusal() {
        Instant end = Instant.now().plus(PATIENCE);
        Optional<String> who = who();
        while (who.isEmpty() && Instant.now().isBefore(end) && pause()) {
            who = who();
        }
        return new ProblemException(
                ExitCode.ALREADY_RUNNING,
                "Job " + job,
                who.orElseGet(() -> new Runs(database)
                        .atWork(job)
                        .map(AtWork::words)
                        .orElse("is already running: another process has just started it")),
                "Nothing was started. See: nightshift status");
    }

    /** One whose process lives; one that is only written down as running may be another, whose process is gone. */
    private Optional<String> who() {
        RunLock lock = new RunLock(database);
        return new Runs(database)
                .atWork(job)
                .filter(run -> lock.held(run.run()))
                .map(AtWork::words)
                .or(() -> new Replays(database).atWork(job));
    }

    private static String words(RunRow run) {
        return "is already running: run %d, started by %s on %s at %s"
                .formatted(run.run(), run.who(), run.host(), run.startedAt().truncatedTo(ChronoUnit.SECONDS));
    }

    private static boolean pause() {
        try {
            Thread.sleep(LOOK_EVERY_MILLIS);
            return true;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
