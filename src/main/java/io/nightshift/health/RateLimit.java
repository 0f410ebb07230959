package io.nightshift.health;

import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * A token bucket of rows. A chunk takes its tokens when it is done, into debt if need be, and the next one begins when
 * the debt is paid; so the waiting lies between transactions, and over a few chunks the rate is exact. Thread-safe.
 */
public final class RateLimit {

    /** What was left unused gathers for a second, no longer. */
    private static final double SECONDS_KEPT = 1;

    private final LongSupplier nanos;
    private long seen = -1;
    private long filledAt;
    private double tokens;

    public RateLimit() {
        this(System::nanoTime);
    }

    RateLimit(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /**
     * How many nanoseconds the next chunk still has to wait; 0 when it may begin. Asked again after that time, since the
     * rate may have changed meanwhile.
     *
     * @param done rows of the step so far
     * @param rate rows per second; empty for no limit
     */
    public synchronized long nanosToWait(long done, OptionalLong rate) {
        long now = nanos.getAsLong();
        if (seen < 0 || rate.isEmpty()) {
            seen = Math.max(seen, done);
            filledAt = now;
            tokens = 0;
            return 0;
        }
        double perNano = rate.getAsLong() / 1e9;
        tokens = Math.min(rate.getAsLong() * SECONDS_KEPT, tokens + (now - filledAt) * perNano);
        filledAt = now;
        // Another connection may have come with a later sum already.
        tokens -= Math.max(0, done - seen);
        seen = Math.max(seen, done);
        return tokens >= 0 ? 0 : (long) Math.ceil(-tokens / perNano);
    }
}
