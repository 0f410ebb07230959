package io.nightshift.run.history;

import io.nightshift.chunk.Counts;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Reads columns that several queries have. */
final class Columns {

    private Columns() {}

    static Counts counts(ResultSet row) throws SQLException {
        return new Counts(row.getLong("read"), row.getLong("written"), row.getLong("rejected"), row.getLong("skipped"));
    }

    static Optional<Instant> instant(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getTimestamp(column)).map(Timestamp::toInstant);
    }

    static List<String> texts(ResultSet row, String column) throws SQLException {
        return List.of((String[]) row.getArray(column).getArray());
    }
}
