package io.nightshift.step.load.table;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The table that is loaded, as the catalog knows it.
 *
 * @param name     quoted, with its schema
 * @param relation its bare name, as error contexts show it
 * @param columns  those that may be written, in order
 * @param computed the names of those that PostgreSQL computes from others (GENERATED ALWAYS AS an expression)
 */
public record Target(String name, String relation, List<Column> columns, List<String> computed) {

    /**
     * @param type     as a column definition writes it
     * @param json     whether it is json or jsonb
     * @param array    whether it is an array
     * @param sequence that numbers it and may be moved by this role; empty for other columns
     */
    public record Column(String name, String type, boolean json, boolean array, Optional<String> sequence) {

        public String quoted() {
            return '"' + name.replace("\"", "\"\"") + '"';
        }
    }

    private static final String QUERY =
            """
            SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname), c.relname, a.attname,
              format_type(a.atttypid, a.atttypmod), b.typname IN ('json', 'jsonb'), b.typcategory = 'A',
              s.name,
              s.name IS NOT NULL
                AND has_sequence_privilege(s.name, 'SELECT')
                AND has_sequence_privilege(s.name, 'UPDATE'),
              a.attgenerated <> ''
            FROM pg_class c
              JOIN pg_namespace n ON n.oid = c.relnamespace
              JOIN pg_attribute a ON a.attrelid = c.oid
              JOIN pg_type t ON t.oid = a.atttypid
              JOIN pg_type b ON b.oid = CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END
              CROSS JOIN LATERAL (
                SELECT pg_get_serial_sequence(quote_ident(n.nspname) || '.' || quote_ident(c.relname), a.attname) AS name
              ) s
            WHERE c.oid = to_regclass(?)
              AND a.attnum > 0
              AND NOT a.attisdropped
            ORDER BY a.attnum""";

    /** Empty when the search path leads to no such table. */
    public static Optional<Target> find(Connection connection, String table) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(QUERY)) {
            select.setString(1, table);
            try (ResultSet result = select.executeQuery()) {
                List<Column> columns = new ArrayList<>();
                List<String> computed = new ArrayList<>();
                String name = "";
                String relation = "";
                while (result.next()) {
                    name = result.getString(1);
                    relation = result.getString(2);
                    if (result.getBoolean(9)) {
                        computed.add(result.getString(3));
                        continue;
                    }
                    columns.add(new Column(
                            result.getString(3),
                            result.getString(4),
                            result.getBoolean(5),
                            result.getBoolean(6),
                            result.getBoolean(8) ? Optional.of(result.getString(7)) : Optional.empty()));
                }
                return columns.isEmpty()
                        ? Optional.empty()
                        : Optional.of(new Target(name, relation, columns, computed));
            }
        }
    }

    /** Whether COPY can write to this table: to a view it can only with a trigger INSTEAD OF INSERT. */
    public static boolean takesCopies(Connection connection, String table) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                """
                SELECT c.relkind <> 'm'
                  AND (
                    c.relkind <> 'v'
                    OR EXISTS (
                      SELECT
                      FROM pg_trigger t
                      WHERE t.tgrelid = c.oid
                        AND t.tgtype & 64 <> 0 -- INSTEAD OF
                        AND t.tgtype & 4 <> 0 -- INSERT
                    )
                  )
                FROM pg_class c
                WHERE c.oid = to_regclass(?)""")) {
            select.setString(1, table);
            try (ResultSet result = select.executeQuery()) {
                return !result.next() || result.getBoolean(1);
            }
        }
    }

    /** Why nothing can be written into the column, where PostgreSQL computes it. */
    public Optional<String> whyComputed(String columnName) {
        return computed.contains(columnName)
                ? Optional.of("the column \"" + columnName + "\" of " + name
                        + " is GENERATED ALWAYS: PostgreSQL computes it from other columns")
                : Optional.empty();
    }

    public Optional<Column> column(String columnName) {
        return columns.stream()
                .filter(column -> column.name().equals(columnName))
                .findFirst();
    }

    public List<String> names() {
        return columns.stream().map(Column::name).toList();
    }
}
