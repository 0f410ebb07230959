package io.nightshift.chunk;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * What one connection of a step does, chunk by chunk. Used by one thread. Positions live in memory only between two
 * chunks; an attempt begins where the ledger says.
 *
 * @param <P> what a chunk works on: a page of keys, a range of records
 */
public interface ChunkWork<P> extends AutoCloseable {

    /** The next page, read inside the chunk's transaction; empty when this connection has nothing left to do. */
    Optional<P> read(Connection connection) throws SQLException, IOException;

    /** Applies the page, and says what became of it; nothing is committed yet. */
    Outcome write(ChunkTools tools, P page) throws SQLException, IOException;

    /** The chunk has been committed: the position may move on. */
    void committed(Outcome outcome);

    /** What was done since the last commit has been undone: the next page is the same again, or a part of it. */
    void rewind() throws SQLException;

    /** Where the next chunk begins, for messages: {@code piece 2 behind 1200}. */
    String place();

    @Override
    default void close() throws IOException {}

    /**
     * @param entry   the ledger row of the chunk
     * @param rejects what was refused, in order
     */
    record Outcome(LedgerEntry entry, List<Reject> rejects) {}
}
