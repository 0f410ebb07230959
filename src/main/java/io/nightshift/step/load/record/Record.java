package io.nightshift.step.load.record;

/**
 * One record of a file, readable or not.
 *
 * @param start   where it begins
 * @param behind  where the next one begins: what to hand to {@link RecordReaders#open} to go on after this one
 * @param bytes   what the file says
 * @param content what it means
 */
public record Record(Position start, Position behind, RawBytes bytes, Content content) {

    /** The same bytes, to be understood so. */
    public Record meaning(Content other) {
        return new Record(start, behind, bytes, other);
    }

    /** Counted from 1, the header not counted. */
    public long number() {
        return behind.records();
    }

    /** The physical line on which it begins, counted from 1. */
    public long line() {
        return start.line();
    }

    /** Where it begins in the decompressed stream. */
    public long offset() {
        return start.offset();
    }

    /** Behind its line end, in the decompressed stream. */
    public long end() {
        return behind.offset();
    }

    /** Its bytes without the line end, capped at {@link RawBytes#LIMIT}. */
    public byte[] raw() {
        return bytes.head();
    }

    /** How many bytes it really has. */
    public long rawLength() {
        return bytes.length();
    }
}
