package io.nightshift.step.load.write;

import java.time.Duration;

/**
 * In parts of how many records a page is applied where bad ones are to be expected. The ways to the server make small
 * parts dear, and a bad record undoes half of a large one or all of it: the sum is least where both are equal.
 */
final class PartSize {

    /** What a part costs beside its records, divided by the share of a part's time that a bad record undoes. */
    private static final double NANOS = 3e6;

    private static final int SMALLEST = 16;

    /** How much of what was seen before a page still counts behind it. */
    private static final double MEMORY = 0.5;

    private double records;
    private double refused;
    private double nanos;

    /** A page is done. */
    void seen(int recordsOfPage, long refusedOfPage, Duration took) {
        records = MEMORY * records + recordsOfPage;
        refused = MEMORY * refused + refusedOfPage;
        nanos = MEMORY * nanos + took.toNanos();
    }

    /** For the next page; endless while no record was refused. */
    int records() {
        if (refused == 0 || nanos == 0) {
            return Integer.MAX_VALUE;
        }
        double distance = records / refused;
        double nanosPerRecord = nanos / records;
        return (int) Math.min(Integer.MAX_VALUE, Math.max(SMALLEST, Math.sqrt(NANOS / nanosPerRecord * distance)));
    }
}
