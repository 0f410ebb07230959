package io.nightshift.step.load.table;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A column of a merge key by which records can be dealt: its type tells which texts mean the same value.
 *
 * @param name as the catalog has it
 */
public record KeyColumn(Kind kind, String name) {

    /** Of other types (numeric, timestamps, citext) too many texts mean the same, or the server's settings decide. */
    public enum Kind {
        /** {@code 7}, {@code +7}, {@code 007} and {@code 0x7} are one. */
        INTEGER,
        /** With and without hyphens, braces and capitals. */
        UUID,
        /** Byte by byte; blanks at the end may be cut off by the column, so they are not looked at. */
        TEXT
    }

    private static final Map<String, Kind> KINDS = Map.of(
            "int2", Kind.INTEGER,
            "int4", Kind.INTEGER,
            "int8", Kind.INTEGER,
            "uuid", Kind.UUID,
            "text", Kind.TEXT,
            "varchar", Kind.TEXT,
            "bpchar", Kind.TEXT);

    private static final String QUERY =
            """
            SELECT a.attname, b.typname, coalesce(o.collisdeterministic, true)
            FROM pg_attribute a
              JOIN pg_type t ON t.oid = a.atttypid
              JOIN pg_type b ON b.oid = CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END
              LEFT JOIN pg_collation o ON o.oid = a.attcollation
            WHERE a.attrelid = to_regclass(?)
              AND a.attnum > 0
              AND NOT a.attisdropped
              AND b.typnamespace = 'pg_catalog'::regnamespace""";

    /** The columns of the key; empty when one of them has a type whose values cannot be told by their texts. */
    public static Optional<List<KeyColumn>> of(Connection connection, Target target, List<String> key)
            throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(QUERY)) {
            select.setString(1, target.name());
            List<KeyColumn> columns = new ArrayList<>();
            try (ResultSet result = select.executeQuery()) {
                while (result.next()) {
                    Kind kind = KINDS.get(result.getString(2));
                    if (key.contains(result.getString(1)) && kind != null && result.getBoolean(3)) {
                        columns.add(new KeyColumn(kind, result.getString(1)));
                    }
                }
            }
            return columns.size() == key.size() ? Optional.of(columns) : Optional.empty();
        }
    }

    /** Whether rows of the table may refer to other rows of it, which must be there first. */
    public static boolean refersToItself(Connection connection, Target target) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                """
                SELECT EXISTS (
                  SELECT
                  FROM pg_constraint
                  WHERE contype = 'f'
                    AND conrelid = to_regclass(?)
                    AND confrelid = conrelid)""")) {
            select.setString(1, target.name());
            try (ResultSet result = select.executeQuery()) {
                return result.next() && result.getBoolean(1);
            }
        }
    }
}
