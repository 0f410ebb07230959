package io.nightshift.chunk;

import io.nightshift.job.RejectLimit;

/** The sums of a step as they are committed, shared by its connections. Thread-safe. */
public final class StepTally {

    private final String step;
    private final RejectLimit limit;
    private final Progress progress;
    private volatile boolean failed;
    private final int chunk;
    private Counts counts;

    /**
     * @param before what earlier attempts have committed
     * @param chunk  rows of the first chunk
     */
    public StepTally(String step, RejectLimit limit, Progress progress, Counts before, int chunk) {
        this.step = step;
        this.limit = limit;
        this.progress = progress;
        this.counts = before;
        this.chunk = chunk;
    }

    /** A worker has failed: the others need not go on. */
    void fail() {
        failed = true;
    }

    boolean failed() {
        return failed;
    }

    synchronized void committed(Counts chunk) {
        counts = counts.plus(chunk);
        progress.chunkCommitted(step, chunk);
    }

    synchronized RejectAllowance allowance() {
        return new RejectAllowance(limit, counts.read(), counts.rejected());
    }

    /** Whether what is committed is over the limit, so that no further chunk may begin. */
    synchronized boolean exceeded() {
        return new RejectAllowance(limit, counts.read(), counts.rejected()).exceededBy(0, 0);
    }

    /** Whether the step as a whole has more rejects than its limit allows, a share taken of all that was read. */
    synchronized boolean exceededAtTheEnd() {
        return limit.isShare() ? counts.rejected() > limit.share() * counts.read() : exceeded();
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
