package io.nightshift.step.load.prove;

import io.nightshift.chunk.Assignment;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The ranges of records that the ledger of a load says were done in one piece, in order, and who lies in them. */
final class LoadRanges {

    private final List<Range> ranges;
    private int next;

    private LoadRanges(List<Range> ranges) {
        this.ranges = ranges;
    }

    /** A record: of which file, and which one. */
    record Place(int file, long record) implements Comparable<Place> {

        static Place of(Array position) throws SQLException {
            String[] texts = (String[]) position.getArray();
            return texts.length == 0
                    ? new Place(0, 0)
                    : new Place(Integer.parseInt(texts[0]), Long.parseLong(texts[1]));
        }

        @Override
        public int compareTo(Place other) {
            return file != other.file ? Integer.compare(file, other.file) : Long.compare(record, other.record);
        }

        @Override
        public String toString() {
            return file == 0 ? "the start" : file + "/" + record;
        }
    }

    /** A ledger row, and what the files have in its range. */
    static final class Range {
        final int piece;
        final Place after;
        final Place last;
        final long read;
        final long rejected;
        final long skipped;
        final long lastOffset;
        /** Records without a row, or of a load that deletes, with one. */
        final Examples astray = new Examples();

        long records;
        long rejects;
        /** Records that a later one of the same key replaced in the chunk. */
        long superseded;
        /** Records that cannot be rows, where the rejects themselves are gone. */
        long faults;

        Range(ResultSet row) throws SQLException {
            this.piece = row.getInt(1);
            this.after = Place.of(row.getArray(2));
            this.last = Place.of(row.getArray(3));
            this.read = row.getLong(4);
            this.rejected = row.getLong(5);
            this.skipped = row.getLong(6);
            this.lastOffset = row.getLong(7);
        }

        /** Records that were rejected and are not known, because the rejects themselves are gone. */
        long unknownRejects(boolean rejectsAreThere) {
            return rejectsAreThere ? 0 : Math.max(0, rejected - faults);
        }

        String where() {
            return "piece %d, chunk from %s to %s".formatted(piece, after, last);
        }
    }

    static LoadRanges of(Connection connection, Assignment assignment, int piece) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                """
                SELECT piece, after, last, read, rejected, skipped, last_offset
                FROM %s.ledger
                WHERE run = ?
                  AND step = ?
                  AND piece = ?
                ORDER BY last[1]::int, last[2]::bigint, after"""
                        .formatted(assignment.schema()))) {
            select.setLong(1, assignment.run());
            select.setString(2, assignment.step());
            select.setInt(3, piece);
            List<Range> ranges = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    ranges.add(new Range(row));
                }
            }
            return new LoadRanges(ranges);
        }
    }

    /** The range that a record lies in; records are asked for in order. Empty where there is none. */
    Optional<Range> of(Place place) {
        while (next < ranges.size() && ranges.get(next).last.compareTo(place) < 0) {
            next++;
        }
        return next < ranges.size() && ranges.get(next).after.compareTo(place) < 0
                ? Optional.of(ranges.get(next))
                : Optional.empty();
    }

    List<Range> all() {
        return ranges;
    }
}
