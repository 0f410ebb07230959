package io.nightshift.sql;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

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

    private final BoundSql keys;
    private final KeyColumns columns;
    private final Optional<KeyList> listed;

    private KeysQuery(BoundSql keys, KeyColumns columns, Optional<KeyList> listed) {
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
     * @throws SQLException                             PostgreSQL's own, for example because a type has no order
     * @throws io.nightshift.problem.ProblemException if the columns cannot be keys
     * @throws IllegalArgumentException                 if a value is missing
     */
    public static KeysQuery describe(Connection connection, Statement keys, Map<String, SqlValue> values)
            throws SQLException {
        BoundSql bound = keys.bind(values);
        KeyColumns columns = KeyColumns.of(connection, new BoundSql(from("SELECT q.*", bound), bound.values()));
        columns.refuseIfUnfit(keys.where());
        KeysQuery query = new KeysQuery(bound, columns, Optional.empty());
        // A type without an order is refused by this one.
        KeyColumns.of(connection, query.last());
        return query;
    }

    /** The key columns in the order of the statement, which is the order of the keys. */
    public List<KeyColumn> columns() {
        return columns.all();
    }

    /** What the columns are called, in their order. */
    public List<String> names() {
        return columns.names();
    }

    /**
     * The next keys in order, each column as text.
     *
     * @param after the last key of the page before; empty for the first page
     * @param upTo  the last key that may come; empty for no bound
     */
    public BoundSql page(List<String> after, List<String> upTo, int limit, Lock lock) {
        return page(columns.each(KeyColumn::text), after, upTo, limit + "\n" + lock.clause);
    }

    /** Reads the next keys in order; bounds as for {@link #page}. They come as one row, an array for each column. */
    public Keys read(Connection connection, List<String> after, List<String> upTo, int limit, Lock lock)
            throws SQLException {
        BoundSql page = page(columns.named(KeyColumn::element), after, upTo, limit + "\n" + lock.clause);
        String select = "SELECT " + columns.numbered(i -> "array_agg(p.k" + i + ")::text");
        return Keys.read(connection, columns, new BoundSql(select + "\nFROM (\n" + page.sql() + ") p", page.values()));
    }

    private BoundSql page(String select, List<String> after, List<String> upTo, String limit) {
        BoundSql part = listed.isPresent() ? listed.get().within(after, upTo) : keys;
        List<SqlValue> values = new ArrayList<>(part.values());
        List<String> bounds = new ArrayList<>();
        bound(">", after, bounds, values);
        bound("<=", upTo, bounds, values);
        String where = bounds.isEmpty() ? "" : "WHERE " + String.join("\nAND ", bounds) + "\n";
        String order = "ORDER BY " + columns.each(KeyColumn::quoted) + "\nLIMIT " + limit;
        return new BoundSql(from("SELECT " + select, part) + where + order, values);
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
        String condition = columns.joined(" OR ", column -> column.quoted() + " IS NULL");
        return wrapped("SELECT 1", "WHERE " + condition + "\nLIMIT 1");
    }

    /** Whether a key can be too long to travel; whole numbers, times and the like cannot, and need not be looked at. */
    public boolean mayBeTooLong() {
        return !columns.all().stream().allMatch(column -> SHORT_TYPES.contains(column.type()));
    }

    /** One row if any key is too long to travel. */
    public BoundSql tooLong() {
        String condition = columns.joined(" OR ", column -> "octet_length(" + column.text() + ") > " + MAX_KEY_BYTES);
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
        return upTo("SELECT DISTINCT " + columns.named(KeyColumn::quoted), upTo);
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
        String order = columns.each(KeyColumn::quoted);
        String numbered = from(
                        "SELECT " + columns.each(KeyColumn::text) + ", row_number() OVER (ORDER BY " + order
                                + "), count(*) OVER () AS nightshift_rows",
                        keys)
                + (share < 1 ? "WHERE random() < " + share + "\n" : "");
        String names = columns.numbered(i -> "k" + i);
        // The last row of a piece is the one at which the rounded-down share reaches the next whole number.
        String sql = "SELECT " + names + "\nFROM (\n" + numbered + ") p (" + names + ", n, total)\nWHERE n * " + pieces
                + " / total > (n - 1) * " + pieces + " / total\nORDER BY n";
        return new BoundSql(sql, keys.values());
    }

    /** The keys that one of its questions finds. */
    public List<List<String>> rows(Connection connection, BoundSql question) throws SQLException {
        return columns.rows(connection, question);
    }

    /** Keys that were read elsewhere. */
    public Keys keys(List<List<String>> rows) {
        return Keys.ofRows(columns, rows);
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
        conditions.add(columns.row(KeyColumn::quoted) + " " + comparison + " " + columns.row(KeyColumn::placeholder));
        for (int i = 0; i < key.size(); i++) {
            values.add(new SqlValue(columns.all().get(i).type(), key.get(i)));
        }
    }

    private BoundSql end(String direction) {
        return wrapped(
                "SELECT " + columns.each(KeyColumn::text),
                "ORDER BY " + columns.each(column -> column.quoted() + direction) + "\nLIMIT 1");
    }

    private BoundSql wrapped(String select, String rest) {
        return new BoundSql(from(select, keys) + rest, keys.values());
    }

    /** The line breaks keep a comment at the end of the keys from swallowing the parenthesis. */
    static String from(String select, BoundSql keys) {
        return select + "\nFROM (\n" + keys.sql() + "\n) q\n";
    }
}
