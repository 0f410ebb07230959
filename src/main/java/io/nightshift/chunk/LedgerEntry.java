package io.nightshift.chunk;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * One committed chunk: the position and the account of what was done.
 *
 * @param after   the position behind which the chunk began; empty at the start of the piece
 * @param last    the position behind which the next one begins
 * @param counts  what became of the records or keys
 * @param tables  rows per table where a chunk touches several; else empty
 * @param mark    how far the file has been read or written
 * @param started when the chunk's transaction began
 */
public record LedgerEntry(
        int piece,
        List<String> after,
        List<String> last,
        Counts counts,
        Map<String, Long> tables,
        Mark mark,
        Instant started) {

    /**
     * A place in a file.
     *
     * @param offset bytes before it; in the decompressed stream
     * @param line   the line it is at the start of
     */
    public record Mark(long offset, long line) {
        /** Where there is no file. */
        public static final Mark NONE = new Mark(0, 0);
    }
}
