package io.nightshift.chunk;

import java.time.Duration;

/**
 * What a chunk is done for: how it presents itself to the database, and by which token it is known.
 *
 * @param schema where Nightshift's own tables are
 * @param token  the fencing token of this attempt
 * @param bounds how long things may take
 */
public record Assignment(String schema, String job, long run, int attempt, long token, String step, Bounds bounds) {

    /**
     * How long things may take.
     *
     * @param lock      the longest wait for a lock; zero for ever
     * @param statement the longest time of one statement; zero for none
     * @param chunk     what a chunk should take, since its rows are locked that long; zero keeps its size as it is
     */
    public record Bounds(Duration lock, Duration statement, Duration chunk) {}

    /** The same attempt, at another step. */
    public Assignment at(String otherStep) {
        return new Assignment(schema, job, run, attempt, token, otherStep, bounds);
    }

    /** What {@code pg_stat_activity} shows; PostgreSQL keeps the first 63 bytes. */
    String applicationName() {
        return "nightshift %s %d %s".formatted(job, run, step);
    }

    /** What the audit triggers of a database may record as the actor. */
    String actor() {
        return "%s %d".formatted(job, run);
    }
}
