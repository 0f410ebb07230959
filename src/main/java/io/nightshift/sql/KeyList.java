package io.nightshift.sql;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Keys that were listed, each once and in PostgreSQL's order, and the query that is limited to them. A part of the range
 * takes only its part of the list along.
 */
final class KeyList {

    private final BoundSql keys;
    private final KeyColumns columns;
    private final List<List<String>> sorted;
    private final Map<List<String>, Integer> places = new HashMap<>();

    private KeyList(BoundSql keys, KeyColumns columns, List<List<String>> sorted) {
        this.keys = keys;
        this.columns = columns;
        this.sorted = sorted;
        for (int place = 0; place < sorted.size(); place++) {
            places.put(sorted.get(place), place);
        }
    }

    /** Lets PostgreSQL read and sort the list; its own refusal when one of them is none of the column's type. */
    static KeyList of(Connection connection, BoundSql keys, KeyColumns columns, List<List<String>> list)
            throws SQLException {
        BoundSql sort = new BoundSql(
                "SELECT " + columns.numbered(i -> "d.k" + i + "::text") + "\nFROM (\nSELECT DISTINCT "
                        + columns.numbered(i -> "k" + i) + " FROM unnest(" + columns.each(column -> "?") + ") l ("
                        + columns.numbered(i -> "k" + i) + ")\n) d\nORDER BY " + columns.numbered(i -> "d.k" + i),
                columns.arrays(list));
        return new KeyList(keys, columns, columns.rows(connection, sort));
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
        List<SqlValue> values = new ArrayList<>(columns.arrays(sorted));
        values.addAll(keys.values());
        String same = IntStream.rangeClosed(1, columns.size())
                .mapToObj(i -> columns.all().get(i - 1).quoted() + " = l.k" + i)
                .collect(Collectors.joining(" AND "));
        return new BoundSql(
                "SELECT " + columns.numbered(i -> "l.k" + i + "::text") + "\nFROM unnest(" + columns.each(column -> "?")
                        + ") l ("
                        + columns.numbered(i -> "k" + i) + ")\nWHERE NOT EXISTS (\n" + KeysQuery.from("SELECT", keys)
                        + "WHERE " + same + "\n)\nORDER BY " + columns.numbered(i -> "l.k" + i),
                values);
    }

    private BoundSql limited(List<List<String>> part) {
        List<SqlValue> values = new ArrayList<>(keys.values());
        values.addAll(columns.arrays(part));
        String row = columns.size() == 1
                ? columns.all().get(0).quoted() + " = ANY (?)"
                : "(" + columns.each(KeyColumn::quoted) + ") IN (SELECT * FROM unnest(" + columns.each(column -> "?")
                        + "))";
        return new BoundSql(KeysQuery.from("SELECT " + columns.each(KeyColumn::quoted), keys) + "WHERE " + row, values);
    }
}
