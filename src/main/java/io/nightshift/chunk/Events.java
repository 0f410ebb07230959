package io.nightshift.chunk;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** What happened in a step that an operator will want to read later. */
public final class Events {

    private final Assignment assignment;

    public Events(Assignment assignment) {
        this.assignment = assignment;
    }

    /**
     * Writes one down, in the connection's transaction.
     *
     * @param kind {@code file} for a written file, whose path is the message
     */
    public void add(Connection connection, String kind, String message) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO %s.event (run, step, kind, message) VALUES (?, ?, ?, ?)".formatted(assignment.schema()))) {
            insert.setLong(1, assignment.run());
            insert.setString(2, assignment.step());
            insert.setString(3, kind);
            insert.setString(4, message);
            insert.executeUpdate();
        }
    }
}
