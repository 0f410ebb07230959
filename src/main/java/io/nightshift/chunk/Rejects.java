package io.nightshift.chunk;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The rejected rows of a step, written in the transaction of the chunk that met them. */
public final class Rejects {

    private final Assignment assignment;

    public Rejects(Assignment assignment) {
        this.assignment = assignment;
    }

    void write(Connection connection, List<Reject> rejects) throws SQLException {
        if (rejects.isEmpty()) {
            return;
        }
        try (PreparedStatement insert = connection.prepareStatement(
                """
                INSERT INTO %s.reject (
                  run, step, file, record, line, byte_offset, key, raw, raw_length,
                  sqlstate, constraint_name, column_name, message, reason)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
                        .formatted(assignment.schema()))) {
            for (Reject reject : rejects) {
                insert.setLong(1, assignment.run());
                insert.setString(2, assignment.step());
                place(connection, insert, reject.place());
                insert.setBytes(8, reject.raw());
                insert.setLong(9, reject.length());
                cause(insert, 10, reject.cause());
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    private static void place(Connection connection, PreparedStatement insert, Reject.Place place) throws SQLException {
        if (place instanceof Reject.InFile file) {
            insert.setInt(3, file.file());
            insert.setLong(4, file.record());
            insert.setLong(5, file.line());
            insert.setLong(6, file.offset());
            insert.setNull(7, Types.ARRAY);
        } else if (place instanceof Reject.AtKey at) {
            insert.setNull(3, Types.INTEGER);
            insert.setNull(4, Types.BIGINT);
            insert.setNull(5, Types.BIGINT);
            insert.setNull(6, Types.BIGINT);
            insert.setArray(7, Ledger.texts(connection, at.key()));
        }
    }

    /** Sets SQLSTATE, constraint, column, message and reason, from this index on. */
    static void cause(PreparedStatement statement, int first, Reject.Cause cause) throws SQLException {
        statement.setString(first, cause.sqlstate());
        statement.setString(first + 1, cause.constraint().orElse(null));
        statement.setString(first + 2, cause.column().orElse(null));
        // PostgreSQL stores no NUL in a text; a message may quote one.
        statement.setString(first + 3, cause.message().replace('\0', '\uFFFD'));
        statement.setString(first + 4, cause.reason().orElse(null));
    }

    /** How many rejects of the step were replayed or dismissed: they do not count against its limit any more. */
    long settled(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                """
                SELECT count(*)
                FROM %s.reject
                WHERE run = ?
                  AND step = ?
                  AND state <> 'open'"""
                        .formatted(assignment.schema()))) {
            select.setLong(1, assignment.run());
            select.setString(2, assignment.step());
            try (ResultSet result = select.executeQuery()) {
                result.next();
                return result.getLong(1);
            }
        }
    }

    /** The keys of the step that were refused and are not applied since. */
    public Set<List<String>> openKeys(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                """
                SELECT key
                FROM %s.reject
                WHERE run = ?
                  AND step = ?
                  AND key IS NOT NULL
                  AND state <> 'replayed'"""
                        .formatted(assignment.schema()))) {
            select.setLong(1, assignment.run());
            select.setString(2, assignment.step());
            try (ResultSet result = select.executeQuery()) {
                List<List<String>> keys = new ArrayList<>();
                while (result.next()) {
                    keys.add(List.of((String[]) result.getArray(1).getArray()));
                }
                return new HashSet<>(keys);
            }
        }
    }
}
