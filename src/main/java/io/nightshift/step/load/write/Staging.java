package io.nightshift.step.load.write;

import io.nightshift.step.load.table.KeyColumn;
import io.nightshift.step.load.table.Target;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The temporary table {@code loaded} that a merge statement reads: the target's columns without its constraints, and
 * {@code record}. One per connection, emptied at commit, made anew when the connection last served another table.
 */
public final class Staging {

    /** Dear the first time in a transaction: makes new files. Later on it cuts them off. */
    static final String EMPTY = "TRUNCATE pg_temp.loaded";

    private final Target target;
    private final Optional<List<KeyColumn>> key;
    private final String shape;

    public Staging(Target target) {
        this(target, Optional.empty());
    }

    /** @param key the merge key, if equal values of it can be told by their texts */
    public Staging(Target target, Optional<List<KeyColumn>> key) {
        this.target = target;
        this.key = key;
        this.shape = target.columns().stream()
                .map(column -> column.quoted() + " " + column.type())
                .collect(Collectors.joining(", "));
    }

    /** The table is there and empty. */
    void prepare(Connection connection) throws SQLException {
        Found found = find(connection);
        try (Statement statement = connection.createStatement()) {
            if (!found.shape().equals(shape)) {
                statement.execute("DROP TABLE IF EXISTS pg_temp.loaded");
                statement.execute(
                        "CREATE TEMPORARY TABLE loaded (" + shape + ", record bigint NOT NULL) ON COMMIT DELETE ROWS");
                statement.execute("COMMENT ON TABLE pg_temp.loaded IS '" + shape.replace("'", "''") + "'");
            } else if (found.bytes() > 0) {
                statement.execute(EMPTY);
            }
        }
    }

    /** @param bytes none when it is empty as the last commit left it */
    private record Found(String shape, long bytes) {}

    private static Found find(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                        """
                        SELECT coalesce(obj_description(loaded, 'pg_class'), ''),
                          coalesce(pg_relation_size(loaded), 0)
                        FROM to_regclass('pg_temp.loaded') loaded""");
                ResultSet result = select.executeQuery()) {
            result.next();
            return new Found(result.getString(1), result.getLong(2));
        }
    }

    /**
     * Takes out the lines whose merge key comes again in a later line, so that the last good one wins and no row is
     * touched twice by one statement. PostgreSQL compares, in the columns' own types.
     */
    void keepLast(Connection connection, List<String> mergeKey, LoadRows rows) throws SQLException {
        if (mergeKey.isEmpty() || key.isPresent() && rows.allDiffer(key.get())) {
            return;
        }
        String same = mergeKey.stream()
                .map(name -> target.column(name).orElseThrow().quoted())
                .map(column -> "later." + column + " = l." + column)
                .collect(Collectors.joining("\n    AND "));
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    """
                    DELETE FROM pg_temp.loaded l
                    USING pg_temp.loaded later
                    WHERE %s
                      AND later.record > l.record"""
                            .formatted(same));
        }
    }

    String name() {
        return "pg_temp.loaded";
    }
}
