package io.nightshift.keyed;

import io.nightshift.sql.Keys;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;

/** What is done with a page of keys. */
public interface PageApply {

    /**
     * Applies all of them, or throws.
     *
     * @param tables rows per table are added here, where a chunk touches several
     * @return how many keys were written; the others are skipped
     */
    long apply(Connection connection, Keys keys, Map<String, Long> tables) throws SQLException, IOException;

    /** What was applied last will not be rolled back but with the whole chunk. */
    default void kept() {}

    /** All that was applied since the last commit has been undone. */
    default void rewind() throws SQLException {}

    /**
     * Everything of the chunk has been applied; called once, before its ledger row is written.
     *
     * @return bytes of the file written so far; 0 where no file is written
     */
    default long flush() throws IOException {
        return 0;
    }
}
