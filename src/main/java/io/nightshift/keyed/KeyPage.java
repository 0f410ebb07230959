package io.nightshift.keyed;

import io.nightshift.chunk.Piece;
import io.nightshift.sql.Keys;
import java.time.Instant;
import java.util.List;

/**
 * The keys one chunk works on.
 *
 * @param after   the position behind which the page was read
 * @param last    the position behind which the next one begins: the piece's end when nothing is left in it
 * @param keys    in order, each once; may be empty at the end of a piece
 * @param started when the chunk began
 */
record KeyPage(Piece piece, List<String> after, List<String> last, Keys keys, Instant started) {}
