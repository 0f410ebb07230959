package io.nightshift.step.load.record;

/**
 * The bytes of a record as the file has them, without the line end.
 *
 * @param head   the bytes, of a long record only the first {@link #LIMIT}; not to be changed
 * @param length how many there are in the file
 */
record RawBytes(byte[] head, long length) {

    /** More than this of one record is not kept. */
    static final int LIMIT = 64 * 1024;
}
