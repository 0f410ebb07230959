package io.nightshift.run.work;

import io.nightshift.problem.Problem;
import io.nightshift.sql.BoundSql;
import io.nightshift.sql.SqlValue;
import io.nightshift.sql.Statement;
import io.nightshift.sql.Statements;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The conditions of a job: selects of one row, a boolean and behind it, if there is one, a text that says why not. NULL
 * and no row mean that it does not hold.
 */
public record Conditions(Statements statements, Map<String, SqlValue> parameters) {

    /**
     * Those that do not hold, all of them.
     *
     * @param fix what to do then
     */
    public List<Problem> broken(Connection connection, List<String> ids, String fix) throws SQLException {
        List<Problem> broken = new ArrayList<>();
        for (String id : ids) {
            Statement statement = statements.get(id);
            broken(connection, statement.bind(parameters))
                    .ifPresent(why -> broken.add(new Problem(statement.where(), why, fix)));
        }
        return broken;
    }

    private static Optional<String> broken(Connection connection, BoundSql bound) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(bound.sql())) {
            bound.set(select, 1);
            try (ResultSet result = select.executeQuery()) {
                if (!result.next()) {
                    return Optional.of("the condition does not hold: it returns no row");
                }
                String holds = result.getString(1);
                if ("t".equals(holds)) {
                    return Optional.empty();
                }
                boolean says = result.getMetaData().getColumnCount() > 1 && result.getString(2) != null;
                String why = says ? result.getString(2) : "it returns " + (holds == null ? "NULL" : holds);
                return Optional.of(
                        "f".equals(holds) || holds == null
                                ? "the condition does not hold: " + why
                                : "the condition returns \"" + holds + "\", and no boolean");
            }
        }
    }
}
