package io.nightshift.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Keys in order. Each column is one array, as PostgreSQL wrote it and as statements receive it: of a million keys that
 * are read and handed on, none becomes a Java value unless somebody asks for it. Immutable.
 */
public final class Keys {

    private final KeyColumns columns;
    private final List<ArrayText> arrays;

    private Keys(KeyColumns columns, List<ArrayText> arrays) {
        this.columns = columns;
        this.arrays = arrays;
    }

    /** @param arrays for each column, its values as PostgreSQL writes an array */
    static Keys of(KeyColumns columns, List<String> arrays) {
        return new Keys(columns, arrays.stream().map(ArrayText::new).toList());
    }

    static Keys ofRows(KeyColumns columns, List<List<String>> rows) {
        return of(
                columns,
                columns.arrays(rows).stream()
                        .map(array -> String.valueOf(array.text()))
                        .toList());
    }

    /** @param select one row with an array for each column, which is NULL where there are no keys */
    static Keys read(Connection connection, KeyColumns columns, BoundSql select) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(select.sql())) {
            select.set(statement, 1);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                List<String> arrays = new ArrayList<>();
                for (int column = 1; column <= columns.size(); column++) {
                    arrays.add(Objects.requireNonNullElse(row.getString(column), "{}"));
                }
                return of(columns, arrays);
            }
        }
    }

    public int size() {
        return arrays.get(0).size();
    }

    /** One key, each column as PostgreSQL's text. */
    public List<String> get(int key) {
        return arrays.stream().map(array -> String.valueOf(array.get(key))).toList();
    }

    /** All of them, as Java values: for few keys, or rare occasions. */
    public List<List<String>> rows() {
        return IntStream.range(0, size()).mapToObj(this::get).toList();
    }

    /** The keys from (inclusive) to (exclusive). */
    public Keys slice(int from, int to) {
        return from == 0 && to == size()
                ? this
                : of(
                        columns,
                        arrays.stream().map(array -> array.slice(from, to)).toList());
    }

    /** Each once, where equal ones are neighbours, as they are in order. */
    public Keys distinct() {
        for (int key = 1; key < size(); key++) {
            if (repeats(key)) {
                return ofRows(columns, rows().stream().distinct().toList());
            }
        }
        return this;
    }

    private boolean repeats(int key) {
        for (ArrayText array : arrays) {
            if (!array.repeats(key)) {
                return false;
            }
        }
        return true;
    }

    /** Those that are none of these. */
    public Keys without(Set<List<String>> others) {
        return others.isEmpty()
                ? this
                : ofRows(
                        columns,
                        rows().stream().filter(key -> !others.contains(key)).toList());
    }

    /** The name of the first column that has a NULL, or a text longer than so many characters. */
    public Optional<String> columnWithNullOrLonger(int most) {
        return IntStream.range(0, columns.size())
                .filter(column -> arrays.get(column).anyNullOrLonger(most))
                .mapToObj(column -> columns.names().get(column))
                .findFirst();
    }

    /** What statements receive: one array {@code keys}, or {@code keys.teamId} and so on for each column. */
    public Map<String, SqlValue> values() {
        Map<String, SqlValue> values = new LinkedHashMap<>();
        for (int i = 0; i < columns.size(); i++) {
            KeyColumn column = columns.all().get(i);
            String name = columns.size() == 1 ? "keys" : "keys." + column.camelCase();
            values.put(name, new SqlValue(column.type() + "[]", arrays.get(i).slice(0, size())));
        }
        return values;
    }
}
