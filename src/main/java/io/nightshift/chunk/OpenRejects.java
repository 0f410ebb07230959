package io.nightshift.chunk;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The open rejects of one step, read and settled in the transaction of the connection that is given. */
final class OpenRejects {

    /** Records are held in memory until their chunk is committed. */
    private static final long MOST_BYTES = 16L << 20;

    private final Assignment assignment;
    private final long replay;

    OpenRejects(Assignment assignment, long replay) {
        this.assignment = assignment;
        this.replay = replay;
    }

    /** Where a reject stands in their order: that of files and records, keys as they were met. */
    record Place(int file, long record, long id) {

        static final Place START = new Place(0, 0, 0);

        static Place of(OpenReject reject) {
            return reject.place() instanceof Reject.InFile in
                    ? new Place(in.file(), in.record(), reject.id())
                    : new Place(0, 0, reject.id());
        }
    }

    /** The next ones, locked: whoever else would settle them waits, and then finds them settled. */
    List<OpenReject> page(Connection connection, Place behind, int limit) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                """
                SELECT j.id, j.file, j.record, j.line, j.byte_offset, j.key, j.raw, j.raw_length
                FROM %1$s.reject j
                WHERE j.state = 'open'
                  AND j.id IN (
                    SELECT next.id
                    FROM (
                      SELECT o.id,
                        row_number() OVER place AS number,
                        sum(coalesce(o.raw_length, 0)) OVER place - coalesce(o.raw_length, 0) AS before
                      FROM %1$s.reject o
                      WHERE o.run = ?
                        AND o.step = ?
                        AND o.state = 'open'
                        AND (coalesce(o.file, 0), coalesce(o.record, 0), o.id) > (?, ?, ?)
                      WINDOW place AS (ORDER BY coalesce(o.file, 0), coalesce(o.record, 0), o.id)
                    ) next
                    WHERE next.number <= ?
                      AND next.before < ?)
                ORDER BY coalesce(j.file, 0), coalesce(j.record, 0), j.id
                FOR UPDATE OF j"""
                        .formatted(assignment.schema()))) {
            select.setLong(1, assignment.run());
            select.setString(2, assignment.step());
            select.setInt(3, behind.file());
            select.setLong(4, behind.record());
            select.setLong(5, behind.id());
            select.setInt(6, limit);
            select.setLong(7, MOST_BYTES);
            List<OpenReject> page = new ArrayList<>();
            try (ResultSet result = select.executeQuery()) {
                while (result.next()) {
                    page.add(reject(result));
                }
            }
            return page;
        }
    }

    private static OpenReject reject(ResultSet result) throws SQLException {
        Array key = result.getArray("key");
        byte[] raw = result.getBytes("raw");
        return new OpenReject(
                result.getLong("id"),
                key == null
                        ? new Reject.InFile(
                                result.getInt("file"),
                                result.getLong("record"),
                                result.getLong("line"),
                                result.getLong("byte_offset"))
                        : new Reject.AtKey(List.of((String[]) key.getArray())),
                raw == null ? new byte[0] : raw,
                result.getLong("raw_length"));
    }

    /** They were applied, or there is nothing left to do for them. */
    void applied(Connection connection, List<Long> ids) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                """
                UPDATE %s.reject
                SET state = 'replayed',
                  replay = ?
                WHERE id = ANY (?)"""
                        .formatted(assignment.schema()))) {
            update.setLong(1, replay);
            update.setArray(2, connection.createArrayOf("bigint", ids.toArray()));
            update.executeUpdate();
        }
    }

    /** They stay open, for the cause that is known now. */
    void refused(Connection connection, Map<Long, Reject.Cause> causes) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                """
                UPDATE %s.reject
                SET sqlstate = ?,
                  constraint_name = ?,
                  column_name = ?,
                  message = ?,
                  reason = ?
                WHERE id = ?"""
                        .formatted(assignment.schema()))) {
            for (Map.Entry<Long, Reject.Cause> refused : causes.entrySet()) {
                Rejects.cause(update, 1, refused.getValue());
                update.setLong(6, refused.getKey());
                update.addBatch();
            }
            update.executeBatch();
        }
    }
}
