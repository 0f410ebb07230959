package io.nightshift.step.load.prove;

import io.nightshift.step.load.table.Target;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Asks for the records of a page that do not have exactly one row, or one with other values. Texts become values by the
 * columns' own types, as COPY makes them, and are compared by what PostgreSQL writes for them.
 */
final class RowsQuery {

    private final String sql;
    private final List<Target.Column> columns;

    /** @param values whether the values of the loaded columns are compared too */
    RowsQuery(Target target, List<Target.Column> columns, RowKey key, boolean values, String schema) {
        this.columns = columns;
        String numbered =
                IntStream.range(0, columns.size()).mapToObj(i -> "c" + i).collect(Collectors.joining(", "));
        String typed = IntStream.range(0, columns.size())
                .mapToObj(i -> "f.c%d::%s AS c%d".formatted(i, columns.get(i).type(), i))
                .collect(Collectors.joining(",\n    "));
        String keys = each(key, "%s", ", ");
        this.sql =
                """
                /* nightshift: prove */
                WITH f AS (
                  SELECT f.n, f.chunk, {typed}
                  FROM unnest(?::bigint[], ?::bigint[], {arrays}) f (n, chunk, {numbered})
                ), s AS (
                  SELECT {schema}.xid_age(began_xid) AS began, {schema}.xid_age(ended_xid) AS ended
                  FROM {schema}.step
                  WHERE run = ?
                    AND step = ?
                ), l AS MATERIALIZED (
                  SELECT f.*, row_number() OVER (PARTITION BY f.chunk, {keys} ORDER BY f.n DESC) AS back
                  FROM f
                  WHERE {notNull}
                )
                SELECT l.n, count(t.*) AS rows,
                  count(*) FILTER (WHERE age(t.xmin) < s.ended) AS newer,
                  count(*) FILTER (WHERE age(t.xmin) BETWEEN s.ended AND s.began) AS ours,
                  coalesce(max({differing}), '') AS differing
                FROM l
                  CROSS JOIN s
                  LEFT JOIN {table} t ON {same}
                WHERE l.back = 1
                GROUP BY l.n
                HAVING {interesting}
                UNION ALL
                SELECT -1, f.chunk, count(*) FILTER (WHERE l.back > 1), count(*) FILTER (WHERE l.n IS NULL), ''
                FROM f
                  LEFT JOIN l ON l.n = f.n
                GROUP BY f.chunk
                ORDER BY 1"""
                        .replace("{typed}", typed)
                        .replace(
                                "{arrays}",
                                columns.stream().map(column -> "?::text[]").collect(Collectors.joining(", ")))
                        .replace("{numbered}", numbered)
                        .replace("{schema}", schema)
                        .replace("{keys}", keys)
                        .replace("{notNull}", each(key, "f.%s IS NOT NULL", " AND "))
                        .replace("{differing}", values ? differing() : "NULL::text")
                        .replace("{same}", same(key))
                        .replace("{table}", target.name())
                        .replace(
                                "{interesting}",
                                values ? "count(t.*) <> 1 OR max(" + differing() + ") <> ''" : "{count}");
    }

    /** For a load that deletes, rows that are there are of interest; for any other, those that are not there once. */
    String sql(boolean deletes) {
        return sql.replace("{count}", deletes ? "count(t.*) > 0" : "count(t.*) <> 1");
    }

    private String each(RowKey key, String form, String separator) {
        return key.names().stream()
                .map(name -> form.formatted("c" + position(name)))
                .collect(Collectors.joining(separator));
    }

    private String same(RowKey key) {
        return key.names().stream()
                .map(name ->
                        "t.%s = l.c%d".formatted(columns.get(position(name)).quoted(), position(name)))
                .collect(Collectors.joining(" AND "));
    }

    private int position(String name) {
        return columns.stream().map(Target.Column::name).toList().indexOf(name);
    }

    private String differing() {
        return IntStream.range(0, columns.size())
                .mapToObj(i -> "CASE WHEN t.%1$s::text IS DISTINCT FROM l.c%2$d::text THEN '%3$s' END"
                        .formatted(
                                columns.get(i).quoted(),
                                i,
                                columns.get(i).name().replace("'", "''")))
                .collect(Collectors.joining(",\n    ", "array_to_string(ARRAY[\n    ", "], ', ')"));
    }
}
