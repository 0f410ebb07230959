package io.nightshift.run.work;

import io.nightshift.chunk.SqlState;
import io.nightshift.problem.Problem;
import io.nightshift.sql.BoundSql;
import io.nightshift.sql.SqlValue;
import io.nightshift.sql.Statement;
import io.nightshift.sql.Statements;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The conditions of a job: selects of one row, a boolean and behind it, if there is one, a text that says why not. NULL,
 * no row and several rows mean that it does not hold, and so does a statement that fails: nobody knows what it would say.
 */
public record Conditions(Statements statements, Map<String, SqlValue> parameters) {

    /**
     * Those that do not hold, all of them.
     *
     * @param fix what to do then
     * @throws SQLException of a failure that may pass by itself, such as a lost connection
     */
    public List<Problem> broken(Connection connection, List<String> ids, String fix) throws SQLException {
        List<Problem> broken = new ArrayList<>();
        for (String id : ids) {
            Statement statement = statements.get(id);
            asked(connection, statement.bind(parameters))
                    .ifPresent(why -> broken.add(new Problem(statement.where(), why, fix)));
        }
        return broken;
    }

    private static Optional<String> asked(Connection connection, BoundSql bound) throws SQLException {
        // One that fails must not keep the next ones from being asked.
        Savepoint before = connection.getAutoCommit() ? null : connection.setSavepoint();
        try {
            return broken(connection, bound);
        } catch (SQLException failure) {
            if (SqlState.passes(failure) || SqlState.lost(failure)) {
                throw failure;
            }
            if (before != null) {
                connection.rollback(before);
            }
            return Optional.of("the condition cannot be asked: " + SqlState.words(failure));
        }
    }

    private static Optional<String> broken(Connection connection, BoundSql bound) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(bound.sql())) {
            bound.set(select, 1);
            select.setMaxRows(2);
            try (ResultSet result = select.executeQuery()) {
                if (!result.next()) {
                    return Optional.of("the condition does not hold: it returns no row");
                }
                Optional<String> why = broken(result);
                return result.next() ? Optional.of("the condition returns several rows, and not one") : why;
            }
        }
    }

    private static Optional<String> broken(ResultSet row) throws SQLException {
        String holds = row.getString(1);
        if ("t".equals(holds)) {
            return Optional.empty();
        }
        if (holds != null && !"f".equals(holds)) {
            return Optional.of("the condition returns \"" + holds + "\", and no boolean");
        }
        String said = row.getMetaData().getColumnCount() > 1 ? row.getString(2) : null;
        String otherwise = "it returns " + (holds == null ? "NULL" : "false");
        return Optional.of("the condition does not hold: " + (said == null ? otherwise : said));
    }
}
