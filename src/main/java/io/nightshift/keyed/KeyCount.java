package io.nightshift.keyed;

import io.nightshift.chunk.StepWork;
import io.nightshift.sql.BoundSql;
import io.nightshift.sql.KeysQuery;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How many keys there are: counted if that takes no longer than five seconds, else as the planner estimates. */
final class KeyCount {

    private static final Pattern ROWS = Pattern.compile("rows=(\\d+)");
    private static final String SECONDS_FOR_COUNTING = "5s";

    private final KeysQuery query;

    KeyCount(KeysQuery query) {
        this.query = query;
    }

    /** Within the caller's transaction, which stays usable. */
    StepWork.Total within(Connection connection) throws SQLException {
        Savepoint savepoint = connection.setSavepoint();
        try (Statement setting = connection.createStatement()) {
            setting.execute("SET LOCAL statement_timeout = '" + SECONDS_FOR_COUNTING + "'");
            long rows = number(connection, query.count(List.of()));
            connection.rollback(savepoint);
            return new StepWork.Total(rows, false);
        } catch (SQLException tooLong) {
            if (!"57014".equals(tooLong.getSQLState())) {
                throw tooLong;
            }
            connection.rollback(savepoint);
            return new StepWork.Total(estimate(connection), true);
        }
    }

    /** The number that a question is answered with. */
    static long number(Connection connection, BoundSql select) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(select.sql())) {
            select.set(statement, 1);
            try (ResultSet result = statement.executeQuery()) {
                result.next();
                return result.getLong(1);
            }
        }
    }

    private long estimate(Connection connection) throws SQLException {
        BoundSql all = query.page(List.of(), List.of(), Integer.MAX_VALUE, KeysQuery.Lock.NONE);
        try (PreparedStatement statement = connection.prepareStatement("EXPLAIN " + all.sql())) {
            all.set(statement, 1);
            try (ResultSet result = statement.executeQuery()) {
                Matcher matcher = ROWS.matcher(result.next() ? result.getString(1) : "");
                return matcher.find() ? Long.parseLong(matcher.group(1)) : -1;
            }
        }
    }
}
