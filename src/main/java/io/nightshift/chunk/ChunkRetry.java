package io.nightshift.chunk;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.springframework.util.backoff.BackOffExecution;
import org.springframework.util.backoff.ExponentialBackOff;

/**
 * What one connection does about a chunk that failed for a reason that may pass while its session lives: what it began
 * is undone, its transaction ends with nothing in it but a note, and a little later the chunk is tried again. All of
 * that takes at most a second; whatever lasts longer is a matter for another attempt. A statement that was cancelled
 * halves the chunk first. Used by one thread.
 */
final class ChunkRetry {

    private static final Duration MOST = Duration.ofSeconds(1);
    private static final Duration SHORTEST_LOCK_TIMEOUT = Duration.ofMillis(50);
    private static final long FIRST_WAIT_MILLIS = 40;

    private final ChunkSize size;
    private BackOffExecution backOff = waits();
    private long firstFailure;
    private int failures;
    private long wait;

    ChunkRetry(ChunkSize size) {
        this.size = size;
    }

    private static BackOffExecution waits() {
        ExponentialBackOff doubling = new ExponentialBackOff(FIRST_WAIT_MILLIS, 2);
        // Two sessions that wait equally long meet again.
        doubling.setJitter(FIRST_WAIT_MILLIS / 2);
        return doubling.start();
    }

    /**
     * Decides what to do after a failure.
     *
     * @return what will be done, in words; empty when this connection cannot do anything about it
     */
    Optional<String> after(SQLException failure) {
        if (SqlState.cancelled(failure)) {
            if (!size.halve()) {
                return Optional.empty();
            }
            failures++;
            return Optional.of("halved to %,d rows and tried again at once".formatted(size.rows()));
        }
        if (!SqlState.locking(failure)) {
            return Optional.empty();
        }
        if (firstFailure == 0) {
            firstFailure = System.nanoTime();
        }
        long next = backOff.nextBackOff();
        if (spent().plusMillis(next).compareTo(MOST) > 0) {
            return Optional.empty();
        }
        failures++;
        wait = next;
        return Optional.of("tried again in %.2f s".formatted(next / 1000.0));
    }

    private Duration spent() {
        return Duration.ofNanos(firstFailure == 0 ? 0 : System.nanoTime() - firstFailure);
    }

    /** How often the present chunk has failed so far. */
    int failures() {
        return failures;
    }

    /** How long its statements may wait for a lock: behind a failure, no longer than is left of the second. */
    Duration lockTimeout(Duration usual) {
        if (firstFailure == 0) {
            return usual;
        }
        Duration left = MOST.minus(spent());
        Duration bounded = left.compareTo(SHORTEST_LOCK_TIMEOUT) > 0 ? left : SHORTEST_LOCK_TIMEOUT;
        return usual.isZero() || bounded.compareTo(usual) < 0 ? bounded : usual;
    }

    /** Waits as it was said; no transaction is open. */
    void rest() {
        long millis = wait;
        wait = 0;
        try {
            Thread.sleep(millis);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** The chunk is in. */
    void committed() {
        backOff = waits();
        firstFailure = 0;
        failures = 0;
    }
}
