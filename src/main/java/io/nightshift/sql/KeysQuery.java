package io.nightshift.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A {@code keys} statement and the questions that the engine asks about it by wrapping it: pages, ends, counts, pieces.
 *
 * <p>Keys travel as PostgreSQL's own text, are compared by PostgreSQL in their own types, and every column is written
 * with its table: {@code ORDER BY id} alone would sort the text.
 */
public final class KeysQuery {

    private static final int MAX_KEY_BYTES = 2000;
    private static final Set<String> SHORT_TYPES =
            Set.of("int2", "int4", "int8", "oid", "bool", "uuid", "date", "time", "timestamp", "timestamptz");
    private static final Pattern SIMPLE = Pattern.compile("[a-z_][a-z0-9_]*");
    private static final Pattern UNDERSCORE = Pattern.compile("_+([a-z0-9])");
    /** What the driver says for the type of a column that numbers itself. */
    private static final Map<String, String> SERIALS =
            Map.of("smallserial", "int2", "serial", "int4", "bigserial", "int8");

    /** What a page locks. */
    public enum Lock {
        NONE(""),
        NO_KEY_UPDATE("FOR NO KEY UPDATE OF q\n"),
        UPDATE("FOR UPDATE OF q\n");

        private final String clause;

        Lock(String clause) {
            this.clause = clause;
        }
    }

    /**
     * A key column.
     *
     * @param name as PostgreSQL reports it, unquoted
     * @param type as the driver knows it and a cast may name it: {@code int8}, {@code "shop"."colour"}
     */
    public record Column(String name, String type) {

        String quoted() {
            return "q.\"" + name.replace("\"", "\"\"") + '"';
        }

        private String text() {
            return quoted() + "::text";
        }

        private String placeholder() {
            return "?::" + castType();
        }

        /** The type as a cast names it. */
        public String castType() {
            // Quoted, because the bare keywords char and bit mean char(1) and bit(1).
            return type.startsWith("\"") ? type : '"' + type + '"';
        }

        /** What statements call the keys of this column if there are several: {@code team_id} is {@code teamId}. */
        private String camelCase() {
            return UNDERSCORE.matcher(name).replaceAll(match -> match.group(1).toUpperCase(Locale.ROOT));
        }
    }

    private final BoundSql keys;
    private final List<Column> columns;
    private final Optional<KeyList> listed;

    private KeysQuery(BoundSql keys, List<Column> columns, Optional<KeyList> listed) {
        this.keys = keys;
        this.columns = columns;
        this.listed = listed;
    }

    /**
     * The same query, for the keys that it returns and that are listed here.
     *
     * @throws SQLException PostgreSQL's own, when a key is none of the column's type
     */
    public KeysQuery limitedTo(Connection connection, List<List<String>> list) throws SQLException {
        KeyList listedKeys = KeyList.of(connection, keys, columns, list);
        return new KeysQuery(listedKeys.all(), columns, Optional.of(listedKeys));
    }

    /** Whether there is a list of keys. */
    public boolean isLimited() {
        return listed.isPresent();
    }

    /** The listed keys that the query does not return. */
    public BoundSql missing() {
        return listed.orElseThrow().missing();
    }

    /** Every so many-th of the listed keys that come before this one. */
    public List<List<String>> listedEnds(int every, List<String> before) {
        return listed.orElseThrow().ends(every, before);
    }

    /**
     * Asks PostgreSQL for the columns of the statement; nothing is executed.
     *
     * @throws SQLException             PostgreSQL's own, for example because a type has no order
     * @throws IllegalArgumentException if the columns cannot be keys; the message is meant for people
     */
    public static KeysQuery describe(Connection connection, Statement keys, Map<String, SqlValue> values)
            throws SQLException {
        BoundSql bound = keys.bind(values);
        List<Column> columns = columns(connection, new BoundSql(from("SELECT q.*", bound), bound.values()));
        if (columns.isEmpty()) {
            throw new IllegalArgumentException(keys.where() + " returns no column: it must return the key columns.");
        }
        Set<String> names = new HashSet<>();
        for (Column column : columns) {
            if (!names.add(column.name()) || column.name().equals("?column?")) {
                throw new IllegalArgumentException(keys.where() + " returns "
                        + (column.name().equals("?column?")
                                ? "a column without a name"
                                : "two columns \"" + column.name() + "\"")
                        + ": give each key column a name of its own with AS.");
            }
            if (column.type().startsWith("_")) {
                throw new IllegalArgumentException(
                        keys.where() + " returns \"" + column.name() + "\", an array: keys are single values.");
            }
        }
        KeysQuery query = new KeysQuery(bound, columns, Optional.empty());
        columns(connection, query.last());
        return query;
    }

    private static List<Column> columns(Connection connection, BoundSql sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql.sql())) {
            sql.set(statement, 1);
            ResultSetMetaData data = statement.getMetaData();
            List<Column> columns = new ArrayList<>();
            for (int i = 1; i <= data.getColumnCount(); i++) {
                String type = data.getColumnTypeName(i);
                columns.add(new Column(data.getColumnLabel(i), SERIALS.getOrDefault(type, castable(type))));
            }
            return List.copyOf(columns);
        }
    }

    /** The driver reports names bare or quoted with their schema, but reads bare ones in lower case only. */
    private static String castable(String type) {
        return type.startsWith("\"") || SIMPLE.matcher(type).matches() ? type : '"' + type.replace("\"", "\"\"") + '"';
    }

    /** The key columns in the order of the statement, which is the order of the keys. */
    public List<Column> columns() {
        return columns;
    }

    /**
     * The next keys in order, each column as text.
     *
     * @param after the last key of the page before; empty for the first page
     * @param upTo  the last key that may come; empty for no bound
     */
    public BoundSql page(List<String> after, List<String> upTo, int limit, Lock lock) {
        BoundSql part = listed.isPresent() ? listed.get().within(after, upTo) : keys;
        List<SqlValue> values = new ArrayList<>(part.values());
        List<String> bounds = new ArrayList<>();
        bound(">", after, bounds, values);
        bound("<=", upTo, bounds, values);
        String where = bounds.isEmpty() ? "" : "WHERE " + String.join("\nAND ", bounds) + "\n";
        String sql = from("SELECT " + each(Column::text), part) + where + "ORDER BY " + each(Column::quoted)
                + "\nLIMIT " + limit + "\n" + lock.clause;
        return new BoundSql(sql, values);
    }

    /** The smallest key, or no row. */
    public BoundSql first() {
        return end("");
    }

    /** The greatest key, or no row. */
    public BoundSql last() {
        return end(" DESC");
    }

    /** One row if any key has a NULL in it. */
    public BoundSql withNull() {
        String condition = joined(" OR ", column -> column.quoted() + " IS NULL");
        return wrapped("SELECT 1", "WHERE " + condition + "\nLIMIT 1");
    }

    /** Whether a key can be too long to travel; whole numbers, times and the like cannot, and need not be looked at. */
    public boolean mayBeTooLong() {
        return !columns.stream().allMatch(column -> SHORT_TYPES.contains(column.type()));
    }

    /** One row if any key is too long to travel. */
    public BoundSql tooLong() {
        String condition = joined(" OR ", column -> "octet_length(" + column.text() + ") > " + MAX_KEY_BYTES);
        return wrapped("SELECT 1", "WHERE " + condition + "\nLIMIT 1");
    }

    /**
     * How many keys there are. In no order, so that PostgreSQL may read the table from end to end, by several processes.
     *
     * @param upTo the last key that may come; empty for no bound
     */
    public BoundSql count(List<String> upTo) {
        return upTo("SELECT count(*)", upTo);
    }

    /**
     * All keys up to a bound, each once, in their own types; the columns are {@code k1}, {@code k2} and so on.
     *
     * @param upTo the last key that may come
     */
    public BoundSql distinct(List<String> upTo) {
        String columnsAsKeys = IntStream.rangeClosed(1, columns.size())
                .mapToObj(i -> columns.get(i - 1).quoted() + " AS k" + i)
                .collect(Collectors.joining(", "));
        return upTo("SELECT DISTINCT " + columnsAsKeys, upTo);
    }

    private BoundSql upTo(String select, List<String> upTo) {
        List<SqlValue> values = new ArrayList<>(keys.values());
        List<String> bounds = new ArrayList<>();
        bound("<=", upTo, bounds, values);
        String where = bounds.isEmpty() ? "" : "WHERE " + String.join("\nAND ", bounds);
        return new BoundSql(from(select, keys) + where, values);
    }

    /** How many keys there are, counted no further than this. */
    public BoundSql countUpTo(long most) {
        return new BoundSql(
                "SELECT count(*)\nFROM (\n" + from("SELECT 1", keys) + "LIMIT " + most + "\n) c", keys.values());
    }

    /** Upper bounds of as many pieces of equal size, in order, the last one being the greatest key; fewer if keys are few. */
    public BoundSql splits(int pieces) {
        return splits(pieces, 1);
    }

    /**
     * Upper bounds of as many pieces of about equal size, in order.
     *
     * @param share of the keys that is looked at, by chance: to put all of a large table in order takes its time
     */
    public BoundSql splits(int pieces, double share) {
        String order = each(Column::quoted);
        String numbered = from(
                        "SELECT " + each(Column::text) + ", row_number() OVER (ORDER BY " + order
                                + "), count(*) OVER () AS nightshift_rows",
                        keys)
                + (share < 1 ? "WHERE random() < " + share + "\n" : "");
        // The last row of a piece is the one at which the rounded-down share reaches the next whole number.
        String sql = "SELECT "
                + IntStream.rangeClosed(1, columns.size())
                        .mapToObj(i -> "k" + i)
                        .collect(Collectors.joining(", "))
                + "\nFROM (\n" + numbered + ") p ("
                + IntStream.rangeClosed(1, columns.size())
                        .mapToObj(i -> "k" + i + ", ")
                        .collect(Collectors.joining())
                + "n, total)\nWHERE n * " + pieces + " / total > (n - 1) * " + pieces + " / total\nORDER BY n";
        return new BoundSql(sql, keys.values());
    }

    /**
     * Keys as statements receive them: one array {@code keys}, or {@code keys.teamId} and so on for each column.
     *
     * @param rows the keys of a page as {@link #page} returned them
     */
    public Map<String, SqlValue> keysValue(List<List<String>> rows) {
        Map<String, SqlValue> values = new LinkedHashMap<>();
        for (int i = 0; i < columns.size(); i++) {
            int index = i;
            Column column = columns.get(i);
            String name = columns.size() == 1 ? "keys" : "keys." + column.camelCase();
            values.put(
                    name,
                    SqlValue.array(
                            column.type(),
                            rows.stream().map(row -> row.get(index)).toList()));
        }
        return values;
    }

    private void bound(String comparison, List<String> key, List<String> conditions, List<SqlValue> values) {
        if (key.isEmpty()) {
            return;
        }
        if (key.size() != columns.size()) {
            throw new IllegalArgumentException(
                    "a key of %d columns is compared with one of %d. This is a bug in Nightshift."
                            .formatted(columns.size(), key.size()));
        }
        conditions.add(row(Column::quoted) + " " + comparison + " " + row(Column::placeholder));
        for (int i = 0; i < key.size(); i++) {
            values.add(new SqlValue(columns.get(i).type(), key.get(i)));
        }
    }

    private BoundSql end(String direction) {
        return wrapped(
                "SELECT " + each(Column::text),
                "ORDER BY " + each(column -> column.quoted() + direction) + "\nLIMIT 1");
    }

    private BoundSql wrapped(String select, String rest) {
        return new BoundSql(from(select, keys) + rest, keys.values());
    }

    /** The line breaks keep a comment at the end of the keys from swallowing the parenthesis. */
    static String from(String select, BoundSql keys) {
        return select + "\nFROM (\n" + keys.sql() + "\n) q\n";
    }

    private String row(Function<Column, String> part) {
        return columns.size() == 1 ? part.apply(columns.get(0)) : "(" + each(part) + ")";
    }

    private String each(Function<Column, String> part) {
        return joined(", ", part);
    }

    private String joined(String separator, Function<Column, String> part) {
        return columns.stream().map(part).collect(Collectors.joining(separator));
    }
}
