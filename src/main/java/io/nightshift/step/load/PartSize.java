package io.nightshift.step.load;

/**
 * In parts of how many records a page is applied where bad ones are to be expected. A larger part costs more when a bad
 * record undoes it, a smaller one more ways to the server: the cheapest grows with the square root of the distance
 * between two bad ones.
 */
final class PartSize {

    /** Measured: a part costs as much as some 150 records, and a bad record undoes the work of a good part of it. */
    private static final double RECORDS_AT_DISTANCE_ONE = 12;

    private static final int SMALLEST = 32;

    /** How much of what was seen before a page still counts behind it. */
    private static final double MEMORY = 0.5;

    private double records;
    private double refused;

    /** A page is done. */
    void seen(int recordsOfPage, long refusedOfPage) {
        records = MEMORY * records + recordsOfPage;
        refused = MEMORY * refused + refusedOfPage;
    }

    /** For the next page; as good as endless while no record was refused. */
    int records() {
        return refused == 0
                ? Integer.MAX_VALUE
                : (int) Math.min(
                        Integer.MAX_VALUE, Math.max(SMALLEST, RECORDS_AT_DISTANCE_ONE * Math.sqrt(records / refused)));
    }
}
