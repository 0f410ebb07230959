package io.nightshift.sql;

import io.nightshift.sql.KeysQuery.Column;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Keys that were listed, each once and in PostgreSQL's order, and the query that is limited to them. A part of the range
 * takes only its part of the list along.
 */
final class KeyList {

    private final BoundSql keys;
    private final List<Column> columns;
    private final List<List<String>> sorted;
    private final Map<List<String>, Integer> places = new HashMap<>();

    private KeyList(BoundSql keys, List<Column> columns, List<List<String>> sorted) {
        this.keys = keys;
        this.columns = columns;
        this.sorted = sorted;
        for (int place = 0; place < sorted.size(); place++) {
            places.put(sorted.get(place), place);
        }
    }

    /** Lets PostgreSQL read and sort the list; its own refusal when one of them is none of the column's type. */
    static KeyList of(Connection connection, BoundSql keys, List<Column> columns, List<List<String>> list)
            throws SQLException {
        KeyList given = new KeyList(keys, columns, list);
        BoundSql sort = new BoundSql(
                "SELECT " + given.numbered(i -> "d.k" + i + "::text") + "\nFROM (\nSELECT DISTINCT "
                        + given.numbered(i -> "k" + i) + " FROM unnest(" + given.each(column -> "?") + ") l ("
                        + given.numbered(i -> "k" + i) + ")\n) d\nORDER BY " + given.numbered(i -> "d.k" + i),
                given.arrays(list));
        List<List<String>> sorted = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(sort.sql())) {
            sort.set(select, 1);
            try (ResultSet result = select.executeQuery()) {
                while (result.next()) {
                    List<String> row = new ArrayList<>();
                    for (int column = 1; column <= columns.size(); column++) {
                        row.add(String.valueOf(result.getString(column)));
                    }
                    sorted.add(row);
                }
            }
        }
        return new KeyList(keys, columns, sorted);
    }

    /** The query limited to the whole list. */
    BoundSql all() {
        return limited(sorted);
    }

    /** The query limited to what the list has behind a key, and up to another; an empty key is an open end. */
    BoundSql within(List<String> after, List<String> upTo) {
        // A key that is not in the list as PostgreSQL writes it bounds nothing here: the query itself has the bounds.
        int from = places.getOrDefault(after, -1) + 1;
        int to = places.getOrDefault(upTo, sorted.size() - 1) + 1;
        return limited(sorted.subList(Math.min(from, to), to));
    }

    /** Every so many-th key before this one. */
    List<List<String>> ends(int every, List<String> before) {
        int last = places.getOrDefault(before, sorted.size());
        return IntStream.iterate(every - 1, place -> place < last, place -> place + every)
                .mapToObj(sorted::get)
                .toList();
    }

    /** Those that the query does not return. */
    BoundSql missing() {
        List<SqlValue> values = new ArrayList<>(arrays(sorted));
        values.addAll(keys.values());
        String same = IntStream.rangeClosed(1, columns.size())
                .mapToObj(i -> columns.get(i - 1).quoted() + " = l.k" + i)
                .collect(Collectors.joining(" AND "));
        return new BoundSql(
                "SELECT " + numbered(i -> "l.k" + i + "::text") + "\nFROM unnest(" + each(column -> "?") + ") l ("
                        + numbered(i -> "k" + i) + ")\nWHERE NOT EXISTS (\n" + KeysQuery.from("SELECT", keys)
                        + "WHERE " + same + "\n)\nORDER BY " + numbered(i -> "l.k" + i),
                values);
    }

    private BoundSql limited(List<List<String>> part) {
        List<SqlValue> values = new ArrayList<>(keys.values());
        values.addAll(arrays(part));
        String row = columns.size() == 1
                ? columns.get(0).quoted() + " = ANY (?)"
                : "(" + each(Column::quoted) + ") IN (SELECT * FROM unnest(" + each(column -> "?") + "))";
        return new BoundSql(KeysQuery.from("SELECT " + each(Column::quoted), keys) + "WHERE " + row, values);
    }

    private List<SqlValue> arrays(List<List<String>> rows) {
        return IntStream.range(0, columns.size())
                .mapToObj(index -> SqlValue.array(
                        columns.get(index).type(),
                        rows.stream().map(row -> row.get(index)).toList()))
                .toList();
    }

    private String each(Function<Column, String> part) {
        return columns.stream().map(part).collect(Collectors.joining(", "));
    }

    private String numbered(IntFunction<String> part) {
        return IntStream.rangeClosed(1, columns.size()).mapToObj(part).collect(Collectors.joining(", "));
    }
}
