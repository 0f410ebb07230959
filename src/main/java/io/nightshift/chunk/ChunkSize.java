package io.nightshift.chunk;

import java.time.Duration;

/**
 * How many rows the next chunk of a step takes. Chunks are to take three quarters of their target duration, so that the slower
 * ones among them still keep to it: row locks are held that long. Shared by the connections of a step. Thread-safe.
 */
public final class ChunkSize {

    /** What one chunk says weighs this much against what the earlier ones said. */
    private static final double WEIGHT = 0.3;

    /** One change makes a chunk at most this many times as large, or as small. */
    private static final double STEP = 2;

    private static final double AIM = 0.75;
    private static final int FLOOR = 50;
    private static final int CEILING = 50_000;

    private final int floor;
    private final int ceiling;
    private volatile Duration target;
    private int rows;
    private double nanosPerRow;

    /**
     * @param start  rows of the first chunk; the floor and the ceiling give way to it
     * @param target what a chunk should take; zero keeps it as large as it is
     */
    public ChunkSize(int start, Duration target) {
        this.rows = Math.max(1, start);
        this.floor = Math.min(rows, FLOOR);
        this.ceiling = Math.max(rows, CEILING);
        this.target = target;
    }

    /** Rows of the next chunk, at least 1. */
    public synchronized int rows() {
        return rows;
    }

    /** From now on chunks should take this long; zero keeps them as large as they are. */
    public void aimAt(Duration duration) {
        target = duration;
    }

    /**
     * A chunk has been committed.
     *
     * @param read its rows; a few say little about many, and are not listened to
     * @param took from its first statement to its commit
     */
    synchronized void committed(long read, Duration took) {
        if (target.isZero() || read * STEP < rows) {
            return;
        }
        double seen = (double) took.toNanos() / read;
        nanosPerRow = nanosPerRow == 0 ? seen : WEIGHT * seen + (1 - WEIGHT) * nanosPerRow;
        double wanted = AIM * target.toNanos() / nanosPerRow;
        double allowed = Math.max(rows / STEP, Math.min(rows * STEP, wanted));
        rows = (int) Math.max(Math.min(floor, rows), Math.min(ceiling, Math.round(allowed)));
    }

    /**
     * A chunk took longer than was allowed: the next one takes half of it.
     *
     * @return false when it was a single row already
     */
    public synchronized boolean halve() {
        if (rows == 1) {
            return false;
        }
        rows = rows / 2;
        // What was measured before is no guide any more.
        nanosPerRow = 0;
        return true;
    }
}
