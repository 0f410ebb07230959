package io.nightshift.step.load.record;

/**
 * A place between two records of a file, from which reading can go on.
 *
 * @param records how many records lie before it, a header not counted
 * @param offset  bytes before it, in the decompressed stream; for files in an encoding that has to be converted
 *                (UTF-16, Shift_JIS), in that stream's UTF-8 form
 * @param line    the physical line it is at the start of, counted from 1
 */
public record Position(long records, long offset, long line) {

    /** Before the first record, and before a header. */
    public static final Position START = new Position(0, 0, 1);

    public Position {
        if (records < 0 || offset < 0 || line < 1) {
            throw new IllegalArgumentException(
                    "no place in a file: %d records, offset %d, line %d".formatted(records, offset, line));
        }
    }
}
