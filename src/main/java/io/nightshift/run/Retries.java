package io.nightshift.run;

import io.nightshift.chunk.Progress;
import io.nightshift.chunk.StopSignal;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import org.springframework.util.backoff.BackOffExecution;
import org.springframework.util.backoff.ExponentialBackOff;

/** How often, and after what time, an attempt that failed for a passing reason is followed by another. */
final class Retries {

    private static final long TICK_MILLIS = 100;

    private final Workplace workplace;
    private final RunRow run;
    private final StopSignal stop;
    private final Progress progress;
    private final BackOffExecution backOff;
    private int number;

    Retries(Workplace workplace, RunRow run, StopSignal stop, Progress progress) {
        this.workplace = workplace;
        this.run = run;
        this.stop = stop;
        this.progress = progress;
        RunSettings settings = workplace.settings();
        ExponentialBackOff doubling =
                new ExponentialBackOff(settings.retryFirst().toMillis(), 2);
        doubling.setMaxInterval(settings.retryLongest().toMillis());
        doubling.setMaxAttempts(settings.retries());
        doubling.setJitter(settings.retryFirst().toMillis() / 2);
        this.backOff = doubling.start();
    }

    /** Waits before the next attempt, and writes down why; false when there will be none. */
    boolean waitFor(SQLException failure, String step) {
        long delay = backOff.nextBackOff();
        if (delay == BackOffExecution.STOP) {
            return false;
        }
        number++;
        String message = "%s; attempt again (%d of %d) in %.1f s"
                .formatted(Failures.words(failure), number, workplace.settings().retries(), delay / 1000.0);
        workplace.runs().event(run.run(), step, "retry", "nightshift", message);
        progress.note("Run %d of %s: %s".formatted(run.run(), run.job(), message));
        return pause(Duration.ofMillis(delay));
    }

    /** False when somebody asked to stop meanwhile. */
    private boolean pause(Duration delay) {
        Instant end = Instant.now().plus(delay);
        try {
            while (Instant.now().isBefore(end) && stop.reason().isEmpty()) {
                Thread.sleep(TICK_MILLIS);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            stop.request("interrupted");
        }
        return stop.reason().isEmpty();
    }
}
