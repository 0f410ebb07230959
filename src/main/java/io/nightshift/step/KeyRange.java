package io.nightshift.step;

import io.nightshift.problem.ExitCode;
import io.nightshift.problem.ProblemException;
import io.nightshift.sql.BoundSql;
import io.nightshift.sql.KeysQuery;
import io.nightshift.sql.Statement;
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

    /** @param behind the position to begin behind; empty for the start */
    BoundSql page(List<String> behind, List<String> upTo, int limit) {
        return query.page(behind, upTo, limit, lock);
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
