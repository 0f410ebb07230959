package io.nightshift.keyed;

import io.nightshift.problem.ExitCode;
import io.nightshift.problem.ProblemException;
import io.nightshift.sql.Keys;
import io.nightshift.sql.KeysQuery;
import io.nightshift.sql.Statement;
import io.nightshift.step.StepContext;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * A keys query as one step pages through it.
 *
 * @param where for messages
 * @param lock  how the page's rows are locked
 * @param order whether pages are held to the order of an index
 */
record KeyRange(KeysQuery query, String where, KeysQuery.Lock lock, PageOrder order) {

    /** An index entry of PostgreSQL holds little more; and a position is written at every chunk. */
    private static final int LONGEST_KEY = 2_000;

    /**
     * Reads the next page, in the transaction of its chunk.
     *
     * @param behind the position to begin behind; empty for the start
     * @throws ProblemException for a key that cannot be a position
     */
    Keys read(Connection connection, List<String> behind, List<String> upTo, int limit) throws SQLException {
        order.begin(connection);
        Keys keys = query.read(connection, behind, upTo, limit, lock);
        order.end(connection);
        keys.columnWithNullOrLonger(LONGEST_KEY).ifPresent(this::refuse);
        return keys;
    }

    private void refuse(String column) {
        throw new ProblemException(
                ExitCode.FAILED,
                where,
                "since the step began a key appeared that is NULL or longer than 2,000 bytes, in column " + column,
                "Leave such rows out in the keys query.");
    }

    List<String> columns() {
        return query.names();
    }

    /**
     * Asks PostgreSQL for the key columns.
     *
     * @throws ProblemException when they cannot be keys
     */
    static KeysQuery describe(Connection connection, Statement keys, StepContext context) throws SQLException {
        try {
            KeysQuery query = KeysQuery.describe(connection, keys, context.parameters());
            return context.listed().isPresent() ? context.listed().get().limit(connection, query) : query;
        } catch (IllegalArgumentException unfit) {
            throw new ProblemException(
                    ExitCode.USAGE, keys.where(), String.valueOf(unfit.getMessage()), "Nothing was changed.");
        }
    }
}
