package io.nightshift.step.load.read;

import io.nightshift.chunk.Assignment;
import io.nightshift.step.load.record.Record;
import io.nightshift.step.load.table.KeyColumn;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * To which piece of a load a record belongs. It follows from the record and its place alone, and is written down with
 * the pieces, so that every attempt, and whoever proves it later, deals alike.
 *
 * @param pieces how many there are
 * @param rule   one word and what it needs: {@code one}; {@code unit} and bytes; {@code key} and, for each column of the
 *               merge key, its kind and its name
 */
public record Dealing(int pieces, List<String> rule) {

    /** As many as a chunk may hold is too much at a time for a small heap, and much less is too many chunks. */
    private static final long UNIT_BYTES = 4L << 20;

    private static final String ONE = "one";
    private static final String UNIT = "unit";
    private static final String KEY = "key";

    /** Everything in the order of files and lines. */
    public static Dealing inOrder() {
        return new Dealing(1, List.of(ONE));
    }

    /** Ranges of a file in turn. */
    public static Dealing byUnit(int pieces) {
        return new Dealing(pieces, List.of(UNIT, Long.toString(UNIT_BYTES)));
    }

    /** Records of one key to one piece. */
    public static Dealing byKey(int pieces, List<KeyColumn> key) {
        List<String> rule = new ArrayList<>(List.of(KEY));
        key.forEach(column -> rule.addAll(List.of(column.kind().name(), column.name())));
        return new Dealing(pieces, rule);
    }

    /** Deals the records of one file. For one thread. */
    public interface Dealer {

        /** The number of its piece, from 1. */
        int piece(Record record);

        /** Whether the next record may go to another piece, and nothing of this one's follows soon. */
        default boolean endsUnit(Record record) {
            return false;
        }
    }

    public Dealer dealer(OpenFile file) {
        return switch (rule.get(0)) {
            case UNIT -> new UnitDealer(file.input().number(), Long.parseLong(rule.get(1)), pieces);
            case KEY -> new KeyDealer(key(), file.mapping(), pieces);
            default -> record -> 1;
        };
    }

    private List<KeyColumn> key() {
        List<KeyColumn> key = new ArrayList<>();
        for (int i = 1; i < rule.size(); i += 2) {
            key.add(new KeyColumn(KeyColumn.Kind.valueOf(rule.get(i)), rule.get(i + 1)));
        }
        return key;
    }

    /** By where a record begins: the same unit of all files of one number is one piece's. */
    private record UnitDealer(int file, long bytes, int pieces) implements Dealer {

        @Override
        public int piece(Record record) {
            return (int) ((file - 1 + record.offset() / bytes) % pieces) + 1;
        }

        @Override
        public boolean endsUnit(Record record) {
            return record.end() / bytes != record.offset() / bytes;
        }
    }

    /** How a step's pieces are dealt; in order when nothing is written. */
    public static Dealing read(Connection connection, Assignment assignment) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                """
                SELECT dealing, count(*)
                FROM %s.piece
                WHERE run = ?
                  AND step = ?
                GROUP BY dealing"""
                        .formatted(assignment.schema()))) {
            select.setLong(1, assignment.run());
            select.setString(2, assignment.step());
            try (ResultSet result = select.executeQuery()) {
                if (!result.next() || result.getArray(1) == null) {
                    return inOrder();
                }
                return new Dealing(
                        result.getInt(2), List.of((String[]) result.getArray(1).getArray()));
            }
        }
    }

    /** Writes it down with the step's pieces, which are there already. */
    public void write(Connection connection, Assignment assignment) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                """
                UPDATE %s.piece
                SET dealing = ?
                WHERE run = ?
                  AND step = ?"""
                        .formatted(assignment.schema()))) {
            Array words = connection.createArrayOf("text", rule.toArray());
            update.setArray(1, words);
            update.setLong(2, assignment.run());
            update.setString(3, assignment.step());
            update.executeUpdate();
        }
    }
}
