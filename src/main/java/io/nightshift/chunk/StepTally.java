package io.nightshift.chunk;

import io.nightshift.job.RejectLimit;
import java.util.OptionalLong;

/** The sums of a step as they are committed, shared by its connections. Thread-safe. */
final class StepTally {

    private final String step;
    private final RejectLimit limit;
    private final OptionalLong maxRows;
    private final Progress progress;
    private final long settled;
    private volatile boolean failed;
    private final int chunk;
    private Counts counts;

    private long promised;

    /**
     * @param rejects more end the step
     * @param maxRows the most rows in all; no chunk that would go over is committed
     */
    record Limits(RejectLimit rejects, OptionalLong maxRows) {}

    /**
     * @param before what earlier attempts have committed
     * @param chunk  rows of the first chunk
     */
    StepTally(Environment environment, Limits limits, Before before, int chunk) {
        this.step = environment.assignment().step();
        this.limit = limits.rejects();
        this.maxRows = limits.maxRows();
        this.progress = environment.progress();
        this.counts = before.counts();
        this.settled = before.settled();
        this.chunk = chunk;
    }

    /**
     * What earlier attempts have left.
     *
     * @param counts  what they have committed
     * @param settled how many of their rejects were replayed or dismissed since, and count against no limit
     */
    record Before(Counts counts, long settled) {}

    /** A worker has failed: the others need not go on. */
    void fail() {
        failed = true;
    }

    boolean failed() {
        return failed;
    }

    synchronized void committed(Counts chunk) {
        counts = counts.plus(chunk);
        promised -= chunk.read();
        progress.chunkCommitted(step, chunk);
    }

    /** Whether a chunk of so many rows may be committed beside those under way; it is among them from now on. */
    synchronized boolean admit(long rows) {
        promised += rows;
        return maxRows.isEmpty() || counts.read() + promised <= maxRows.getAsLong();
    }

    /** A chunk that was admitted was rolled back. */
    synchronized void release(long rows) {
        promised -= rows;
    }

    OptionalLong maxRows() {
        return maxRows;
    }

    synchronized RejectAllowance allowance() {
        return new RejectAllowance(limit, counts.read(), open());
    }

    /** Whether what is committed is over the limit, so that no further chunk may begin. */
    synchronized boolean exceeded() {
        return new RejectAllowance(limit, counts.read(), open()).exceededBy(0, 0);
    }

    /** Whether the step as a whole has more rejects than its limit allows, a share taken of all that was read. */
    synchronized boolean exceededAtTheEnd() {
        return limit.isShare() ? open() > limit.share() * counts.read() : exceeded();
    }

    /** The rejects that count against the limit. */
    synchronized long open() {
        return counts.rejected() - settled;
    }

    synchronized Counts counts() {
        return counts;
    }

    int chunk() {
        return chunk;
    }

    RejectLimit limit() {
        return limit;
    }
}
