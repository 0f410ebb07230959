package io.nightshift.chunk;

import java.time.Duration;

/**
 * What a chunk is done for: how it presents itself to the database, and by which token it is known.
 *
 * @param schema           where Nightshift's own tables are
 * @param token            the fencing token of this attempt
 * @param lockTimeout      the longest wait for a lock
 * @param statementTimeout the longest time of one statement; zero for none
 */
public record Assignment(
        String schema,
        String job,
        long run,
        int attempt,
        long token,
        String step,
        Duration lockTimeout,
        Duration statementTimeout) {

    /** The same attempt, at another step. */
    public Assignment at(String otherStep) {
        return new Assignment(schema, job, run, attempt, token, otherStep, lockTimeout, statementTimeout);
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
