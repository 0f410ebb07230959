package io.nightshift.chunk;

import java.util.List;
import java.util.Optional;

/**
 * An input row or key that was not applied, with what is needed to understand it and to try it again.
 *
 * @param place  where it comes from
 * @param raw    the record's bytes as they stood in the file, capped; empty for keys
 * @param length how many bytes there were before the cap
 * @param cause  why
 */
public record Reject(Place place, byte[] raw, long length, Cause cause) {

    /** Either a record of a file or a key. */
    public sealed interface Place {}

    /**
     * @param file   its number among the step's files
     * @param record counted from 1, without the header
     * @param line   counted from 1, where the record begins
     * @param offset of the record in bytes; in the decompressed file
     */
    public record InFile(int file, long record, long line, long offset) implements Place {}

    public record AtKey(List<String> key) implements Place {}

    /**
     * @param sqlstate   PostgreSQL's, or the one it would have given
     * @param constraint that was violated
     * @param column     that the message is about
     * @param message    PostgreSQL's words, or the reader's
     * @param reason     the constraint's COMMENT: the rule in the words of those who made it
     */
    public record Cause(
            String sqlstate,
            Optional<String> constraint,
            Optional<String> column,
            String message,
            Optional<String> reason) {}
}
