package io.nightshift.chunk;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** Turns a refusal of PostgreSQL into the cause of a reject, with the constraint's comment as the reason in words. */
public final class Causes {

    private static final String COMMENT =
            """
            SELECT obj_description(c.oid, 'pg_constraint')
            FROM pg_constraint c
              JOIN pg_class t ON t.oid = c.conrelid
              JOIN pg_namespace n ON n.oid = t.relnamespace
            WHERE c.conname = ?
              AND t.relname = ?
              AND n.nspname = ?
            UNION ALL
            SELECT obj_description(i.oid, 'pg_class')
            FROM pg_class i
              JOIN pg_namespace n ON n.oid = i.relnamespace
            WHERE i.relname = ?
              AND n.nspname = ?
              AND i.relkind IN ('i', 'I')""";

    private final Map<String, Optional<String>> comments = new ConcurrentHashMap<>();

    /** Asks the catalog once per constraint; the transaction must be usable. */
    Reject.Cause of(Connection connection, SQLException failure) throws SQLException {
        ServerErrorMessage server = failure instanceof PSQLException psql ? psql.getServerErrorMessage() : null;
        if (server == null) {
            return new Reject.Cause(
                    String.valueOf(failure.getSQLState()),
                    Optional.empty(),
                    Optional.empty(),
                    String.valueOf(failure.getMessage()),
                    Optional.empty());
        }
        Optional<String> constraint = Optional.ofNullable(server.getConstraint());
        return new Reject.Cause(
                String.valueOf(server.getSQLState()),
                constraint,
                Optional.ofNullable(server.getColumn()),
                message(server),
                constraint.isPresent() ? comment(connection, server, constraint.get()) : Optional.empty());
    }

    private static String message(ServerErrorMessage server) {
        String detail = server.getDetail();
        // The whole row is kept as the reject's raw bytes; in a message it only hides what is wrong.
        return detail == null || detail.startsWith("Failing row contains")
                ? String.valueOf(server.getMessage())
                : server.getMessage() + " (" + detail + ")";
    }

    private Optional<String> comment(Connection connection, ServerErrorMessage server, String constraint)
            throws SQLException {
        String key = server.getSchema() + "." + server.getTable() + "." + constraint;
        Optional<String> known = comments.get(key);
        if (known == null) {
            known = look(connection, String.valueOf(server.getSchema()), String.valueOf(server.getTable()), constraint);
            comments.put(key, known);
        }
        return known;
    }

    private static Optional<String> look(Connection connection, String schema, String table, String constraint)
            throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(COMMENT)) {
            select.setString(1, constraint);
            select.setString(2, table);
            select.setString(3, schema);
            select.setString(4, constraint);
            select.setString(5, schema);
            try (ResultSet result = select.executeQuery()) {
                while (result.next()) {
                    if (result.getString(1) != null) {
                        return Optional.of(result.getString(1));
                    }
                }
                return Optional.empty();
            }
        }
    }
}
