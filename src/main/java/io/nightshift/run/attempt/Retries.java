package io.nightshift.run.attempt;

import io.nightshift.chunk.Progress;
import io.nightshift.chunk.SqlState;
import io.nightshift.chunk.StopSignal;
import io.nightshift.job.JobDefinition;
import io.nightshift.run.books.RunRow;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.util.backoff.BackOffExecution;
import org.springframework.util.backoff.ExponentialBackOff;

/**
 * How often, and after what time, an attempt that failed for a passing reason is followed by another. An attempt that
 * has committed a chunk begins the counting anew: it is the same failure that is not to come again and again.
 */
public final class Retries {

    private static final Logger LOG = LoggerFactory.getLogger(Retries.class);
    private static final long TICK_MILLIS = 100;

    private final Workplace workplace;
    private final RunRow run;
    private final StopSignal stop;
    private final Progress progress;
    private final RunSettings settings;
    private BackOffExecution backOff;
    private final List<Map.Entry<String, String>> unwritten = new ArrayList<>();
    private int number;

    /** @param own what the job says; the settings hold where it says nothing */
    public Retries(Workplace workplace, RunRow run, JobDefinition.Retries own, StopSignal stop, Progress progress) {
        this.workplace = workplace;
        this.run = run;
        this.stop = stop;
        this.progress = progress;
        this.settings = workplace.settings().with(own);
        this.backOff = waits();
    }

    private BackOffExecution waits() {
        ExponentialBackOff doubling =
                new ExponentialBackOff(settings.retryFirst().toMillis(), 2);
        doubling.setMaxInterval(settings.retryLongest().toMillis());
        doubling.setMaxAttempts(settings.retries());
        doubling.setJitter(settings.retryFirst().toMillis() / 2);
        return doubling.start();
    }

    /**
     * Waits before the next attempt. Why is written down, as soon as the database is there again.
     *
     * @return false when there will be no other
     */
    public boolean waitFor(SQLException failure, String step) {
        long delay = backOff.nextBackOff();
        if (delay == BackOffExecution.STOP) {
            return false;
        }
        number++;
        String message = "%s; attempt again (%d of %d) in %.1f s"
                .formatted(SqlState.words(failure), number, settings.retries(), delay / 1000.0);
        unwritten.add(Map.entry(step, message));
        writeDown();
        progress.note("Run %d of %s: %s".formatted(run.run(), run.job(), message));
        return pause(Duration.ofMillis(delay));
    }

    /**
     * The next attempt has begun, so that the database is there.
     *
     * @param advanced whether the one that failed had committed a chunk
     */
    public void went(boolean advanced) {
        writeDown();
        if (advanced) {
            backOff = waits();
            number = 0;
        }
    }

    private void writeDown() {
        try {
            while (!unwritten.isEmpty()) {
                Map.Entry<String, String> retry = unwritten.get(0);
                workplace.runs().event(run.run(), retry.getKey(), "retry", "nightshift", retry.getValue());
                unwritten.remove(0);
            }
        } catch (DataAccessException away) {
            LOG.debug("a retry is written down later", away);
        }
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
