package io.nightshift.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.postgresql.PGStatement;
import org.postgresql.util.PGobject;

/**
 * SQL that is ready for a prepared statement.
 *
 * @param sql    with {@code ?} for each value
 * @param values in the order of the question marks
 */
public record BoundSql(String sql, List<SqlValue> values) {

    private static final int NEVER = 0;

    public BoundSql {
        values = List.copyOf(values);
    }

    /**
     * Sets every value, beginning at a position; each carries its type, NULL too. The statement is planned for these
     * values: a plan that is kept for any bounds takes a page for the whole range, and sorts it.
     */
    public void set(PreparedStatement statement, int firstIndex) throws SQLException {
        statement.unwrap(PGStatement.class).setPrepareThreshold(NEVER);
        int index = firstIndex;
        for (SqlValue value : values) {
            PGobject object = new PGobject();
            object.setType(value.type());
            object.setValue(value.text());
            statement.setObject(index++, object);
        }
    }

    /**
     * Runs it once.
     *
     * @return rows touched; of a statement that returns rows, how many it returned
     */
    public long execute(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            set(statement, 1);
            if (!statement.execute()) {
                return Math.max(0, statement.getLargeUpdateCount());
            }
            long rows = 0;
            try (ResultSet returned = statement.getResultSet()) {
                while (returned.next()) {
                    rows++;
                }
            }
            return rows;
        }
    }
}
