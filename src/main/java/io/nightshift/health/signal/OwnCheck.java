package io.nightshift.health.signal;

import io.nightshift.sql.BoundSql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * A statement of the operator's: each row is a reason to wait, in the words of its first column. One that cannot be
 * asked is a reason, too: whoever wrote it wants no chunk without its consent.
 */
record OwnCheck(String id, BoundSql statement) implements Signal {

    @Override
    public String name() {
        return "check " + id;
    }

    @Override
    public Sight look(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement readOnly = connection.createStatement()) {
            readOnly.execute("SET TRANSACTION READ ONLY");
            return ask(connection);
        } catch (SQLException refused) {
            if (!connection.isValid(1)) {
                throw refused;
            }
            return Sight.hold("%s cannot be asked: %s"
                    .formatted(id, String.valueOf(refused.getMessage()).replaceAll("\\s*\\R\\s*", "; ")));
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    private Sight ask(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(statement.sql())) {
            statement.set(select, 1);
            select.setMaxRows(1);
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    return Sight.CLEAR;
                }
                String reason = row.getString(1);
                return Sight.hold(id + (reason == null || reason.isBlank() ? " has a row" : ": " + reason));
            }
        }
    }
}
