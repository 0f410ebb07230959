package io.nightshift.chunk;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One row per committed chunk of a step: the position. Its primary key forbids two chunks from the same point.
 * Statements run on the connection that is given, in its transaction.
 */
public final class Ledger {

    private final Assignment assignment;

    public Ledger(Assignment assignment) {
        this.assignment = assignment;
    }

    private PreparedStatement prepare(Connection connection, String statement) throws SQLException {
        PreparedStatement prepared = connection.prepareStatement(statement.formatted(assignment.schema()));
        prepared.setLong(1, assignment.run());
        prepared.setString(2, assignment.step());
        return prepared;
    }

    /** Writes the row of a chunk. */
    void append(Connection connection, LedgerEntry entry) throws SQLException {
        try (PreparedStatement insert = prepare(
                connection,
                """
                INSERT INTO %s.ledger (
                  run, step, piece, after, last, read, written, rejected, skipped, counts,
                  last_offset, last_line, started_at, millis, attempt)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?, ?, ?,
                  (extract(epoch FROM clock_timestamp() - now()) * 1000)::bigint, ?)""")) {
            insert.setInt(3, entry.piece());
            insert.setArray(4, texts(connection, entry.after()));
            insert.setArray(5, texts(connection, entry.last()));
            insert.setLong(6, entry.counts().read());
            insert.setLong(7, entry.counts().written());
            insert.setLong(8, entry.counts().rejected());
            insert.setLong(9, entry.counts().skipped());
            insert.setString(10, json(entry.tables()));
            insert.setLong(11, entry.mark().offset());
            insert.setLong(12, entry.mark().line());
            insert.setTimestamp(13, Timestamp.from(entry.started()));
            insert.setInt(14, assignment.attempt());
            insert.executeUpdate();
        }
    }

    /** Where a piece stands: behind which position, and how many bytes lie before it; empty before its first chunk. */
    public Optional<Position> position(Connection connection, int piece) throws SQLException {
        // The end of the chain: the row that no other row of the piece begins behind.
        try (PreparedStatement select = prepare(
                connection,
                """
                SELECT l.last, l.last_offset, l.last_line
                FROM %1$s.ledger l
                WHERE l.run = ?
                  AND l.step = ?
                  AND l.piece = ?
                  AND NOT EXISTS (
                    SELECT FROM %1$s.ledger n
                    WHERE n.run = l.run
                      AND n.step = l.step
                      AND n.piece = l.piece
                      AND n.after = l.last)""")) {
            select.setInt(3, piece);
            try (ResultSet result = select.executeQuery()) {
                return result.next()
                        ? Optional.of(new Position(
                                list(result.getArray(1)), new LedgerEntry.Mark(result.getLong(2), result.getLong(3))))
                        : Optional.empty();
            }
        }
    }

    /**
     * @param last the position behind which the next chunk begins
     * @param mark how far the file was read or written there
     */
    public record Position(List<String> last, LedgerEntry.Mark mark) {}

    /** The sums of the step so far, all attempts together. */
    public Sums sums(Connection connection) throws SQLException {
        try (PreparedStatement select = prepare(
                        connection,
                        """
                        SELECT coalesce(sum(read), 0), coalesce(sum(written), 0), coalesce(sum(rejected), 0),
                          coalesce(sum(skipped), 0), count(*)
                        FROM %s.ledger
                        WHERE run = ?
                          AND step = ?""");
                ResultSet result = select.executeQuery()) {
            result.next();
            return new Sums(
                    new Counts(result.getLong(1), result.getLong(2), result.getLong(3), result.getLong(4)),
                    result.getLong(5));
        }
    }

    public record Sums(Counts counts, long chunks) {}

    /** The pieces of the step, in order; empty before they are written. */
    public List<Piece> pieces(Connection connection) throws SQLException {
        try (PreparedStatement select = prepare(
                        connection,
                        """
                        SELECT piece, pass, lower, upper
                        FROM %s.piece
                        WHERE run = ?
                          AND step = ?
                        ORDER BY piece""");
                ResultSet result = select.executeQuery()) {
            List<Piece> pieces = new ArrayList<>();
            while (result.next()) {
                pieces.add(new Piece(
                        result.getInt(1), result.getInt(2), list(result.getArray(3)), list(result.getArray(4))));
            }
            return pieces;
        }
    }

    /** Writes the pieces down, before their first chunk. */
    public void write(Connection connection, List<Piece> pieces) throws SQLException {
        try (PreparedStatement insert = prepare(
                connection,
                """
                INSERT INTO %s.piece (run, step, piece, pass, lower, upper)
                VALUES (?, ?, ?, ?, ?, ?)""")) {
            for (Piece piece : pieces) {
                insert.setInt(3, piece.number());
                insert.setInt(4, piece.pass());
                insert.setArray(5, texts(connection, piece.lower()));
                insert.setArray(6, texts(connection, piece.upper()));
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    static Array texts(Connection connection, List<String> texts) throws SQLException {
        return connection.createArrayOf("text", texts.toArray());
    }

    private static List<String> list(Array array) throws SQLException {
        return List.of((String[]) array.getArray());
    }

    private static String json(Map<String, Long> tables) {
        return tables.entrySet().stream()
                .map(entry ->
                        "\"" + entry.getKey().replace("\\", "\\\\").replace("\"", "\\\"") + "\": " + entry.getValue())
                .collect(Collectors.joining(", ", "{", "}"));
    }
}
