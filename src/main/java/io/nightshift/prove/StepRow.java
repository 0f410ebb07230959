package io.nightshift.prove;

import io.nightshift.chunk.Assignment;
import io.nightshift.chunk.Counts;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * What is written down about a step beside its ledger.
 *
 * @param state          COMPLETED when it has ended for good
 * @param rows           the sums that it ended with; empty when they were not written down
 * @param chunks         how many there were at its end
 * @param seal           hash over the ledger rows that there must be
 * @param collapsed      when they were collapsed into one row per piece
 * @param rejectsRemoved when retention removed its rejects
 */
public record StepRow(
        String state,
        Optional<Counts> rows,
        long chunks,
        Optional<String> seal,
        Optional<Instant> collapsed,
        Optional<Instant> rejectsRemoved) {

    /** The row of the step that the assignment is at; empty when it never began. */
    public static Optional<StepRow> find(Connection connection, Assignment assignment) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                """
                SELECT state, read, written, rejected, skipped, chunks, seal, collapsed_at, rejects_removed_at
                FROM %s.step
                WHERE run = ?
                  AND step = ?"""
                        .formatted(assignment.schema()))) {
            select.setLong(1, assignment.run());
            select.setString(2, assignment.step());
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.of(of(row)) : Optional.empty();
            }
        }
    }

    private static StepRow of(ResultSet row) throws SQLException {
        boolean summed = row.getObject(2) != null;
        return new StepRow(
                row.getString(1),
                summed
                        ? Optional.of(new Counts(row.getLong(2), row.getLong(3), row.getLong(4), row.getLong(5)))
                        : Optional.empty(),
                row.getLong(6),
                Optional.ofNullable(row.getString(7)),
                instant(row.getTimestamp(8)),
                instant(row.getTimestamp(9)));
    }

    private static Optional<Instant> instant(@org.jspecify.annotations.Nullable Timestamp at) {
        return Optional.ofNullable(at).map(some -> some.toInstant().truncatedTo(ChronoUnit.SECONDS));
    }
}
