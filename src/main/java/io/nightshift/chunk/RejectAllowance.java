package io.nightshift.chunk;

import io.nightshift.job.RejectLimit;

/** How many rejects a step may still have, seen from inside one chunk. */
public final class RejectAllowance {

    /** A share is not held against the first few records: one bad line in ten says little. */
    private static final long SMALLEST_SAMPLE = 1_000;

    private final RejectLimit limit;
    private final long read;
    private final long rejected;

    /**
     * @param read     records or keys read by the step before this chunk
     * @param rejected rejects before this chunk
     */
    public RejectAllowance(RejectLimit limit, long read, long rejected) {
        this.limit = limit;
        this.read = read;
        this.rejected = rejected;
    }

    /** Whether a chunk that has read and rejected this much has gone over the limit. */
    public boolean exceededBy(long readInChunk, long rejectedInChunk) {
        long total = rejected + rejectedInChunk;
        if (total == 0) {
            return false;
        }
        return limit.isShare()
                ? total > limit.share() * Math.max(read + readInChunk, SMALLEST_SAMPLE)
                : total > limit.count();
    }
}
