package io.nightshift.chunk;

import java.util.List;

/**
 * A part of a step's work that one connection does in order. Written down once, before the first chunk.
 *
 * @param number unique in the step
 * @param pass   1, or higher for the further passes of a backfill
 * @param lower  the key behind which it begins, as PostgreSQL's text; empty for the first piece and for loads
 * @param upper  its last key; empty for loads
 */
public record Piece(int number, int pass, List<String> lower, List<String> upper) {

    /** Where a piece begins: behind nothing. */
    public static final List<String> START = List.of();
}
