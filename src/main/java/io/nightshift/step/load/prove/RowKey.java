package io.nightshift.step.load.prove;

import io.nightshift.job.StepDefinition;
import io.nightshift.step.load.table.Mapping;
import io.nightshift.step.load.table.Target;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * The columns by which a record finds its row again.
 *
 * @param names of the columns
 */
record RowKey(List<String> names) {

    /** What the load says, or a unique key of the table all of whose columns the file fills; empty where there is none. */
    static Optional<RowKey> of(StepDefinition.Load step, Target target, Mapping mapping, Connection connection)
            throws SQLException {
        Optional<RowKey> unique = step.mergeKey().isEmpty() || step.into().isPresent()
                ? unique(target, mapping, connection)
                : Optional.empty();
        return unique.or(() -> Optional.of(new RowKey(step.mergeKey()))
                .filter(key -> !key.names().isEmpty() && mapping.names().containsAll(key.names())));
    }

    private static Optional<RowKey> unique(Target target, Mapping mapping, Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                """
                SELECT array_agg(a.attname::text ORDER BY k.n)
                FROM pg_index i
                  CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY k (attnum, n)
                  LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
                WHERE i.indrelid = to_regclass(?)
                  AND i.indisunique
                  AND i.indisvalid
                  AND i.indpred IS NULL
                  AND i.indexprs IS NULL
                  AND k.n <= i.indnkeyatts
                GROUP BY i.indexrelid, i.indisprimary
                HAVING array_agg(a.attname::text) <@ ?
                ORDER BY i.indisprimary DESC, i.indexrelid
                LIMIT 1""")) {
            select.setString(1, target.name());
            select.setArray(2, connection.createArrayOf("text", mapping.names().toArray()));
            try (ResultSet row = select.executeQuery()) {
                return row.next()
                        ? Optional.of(
                                new RowKey(List.of((String[]) row.getArray(1).getArray())))
                        : Optional.empty();
            }
        }
    }

    @Override
    public String toString() {
        return "(" + String.join(", ", names) + ")";
    }
}
