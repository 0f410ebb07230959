package io.nightshift.step.load.write;

import io.nightshift.chunk.Assignment;
import io.nightshift.sql.Statement;
import io.nightshift.step.load.read.OpenFile;
import io.nightshift.step.load.table.Target;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Takes those records out of {@code loaded} that are tried again and whose row was written after they had been refused:
 * they may be older than what is there. A row tells the transaction that wrote it (xmin), a reject that of its chunk.
 */
public final class NewerRows {

    private static final String UNIQUE_KEYS =
            """
            SELECT array_agg(a.attname::text ORDER BY k.number)
            FROM pg_index i
              JOIN pg_class c ON c.oid = i.indrelid
              CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY k (attnum, number)
              JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
            WHERE i.indrelid = to_regclass(?)
              AND c.relkind IN ('r', 'p')
              AND i.indisunique
              AND i.indisvalid
              AND i.indpred IS NULL
              AND i.indexprs IS NULL
              AND k.number <= i.indnkeyatts
            GROUP BY i.indexrelid""";

    private final Target target;
    private final Assignment assignment;
    private final int file;
    private final List<List<String>> keys;
    private final Set<Long> taken = new TreeSet<>();
    private final List<Long> pending = new ArrayList<>();

    private NewerRows(Target target, Assignment assignment, int file, List<List<String>> keys) {
        this.target = target;
        this.assignment = assignment;
        this.file = file;
        this.keys = keys;
    }

    /** Nothing for a statement that changes no row that is there. */
    public static Optional<NewerRows> before(
            Statement merge, Target target, List<String> mergeKey, OpenFile file, Replayed replayed)
            throws SQLException {
        if (merge.kind() == Statement.Kind.INSERT && !merge.mentionsWord("update")) {
            return Optional.empty();
        }
        List<List<String>> keys = uniqueKeys(replayed.connection(), target);
        boolean table = !keys.isEmpty();
        keys.removeIf(key -> !file.mapping().names().containsAll(key));
        if (table && !mergeKey.isEmpty()) {
            keys = List.of(mergeKey);
        }
        return Optional.of(
                new NewerRows(target, replayed.assignment(), file.input().number(), keys));
    }

    /** Whose rejects are tried again, and where. */
    public record Replayed(Connection connection, Assignment assignment) {}

    private static List<List<String>> uniqueKeys(Connection connection, Target target) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(UNIQUE_KEYS)) {
            select.setString(1, target.name());
            List<List<String>> keys = new ArrayList<>();
            try (ResultSet result = select.executeQuery()) {
                while (result.next()) {
                    Array names = result.getArray(1);
                    keys.add(List.of((String[]) names.getArray()));
                }
            }
            return keys;
        }
    }

    /** Called for each part of the page, before the merge. */
    void takeOut(Connection connection) throws SQLException {
        pending.clear();
        try (PreparedStatement delete =
                connection.prepareStatement(keys.isEmpty() ? "DELETE FROM pg_temp.loaded RETURNING record" : newer())) {
            if (!keys.isEmpty()) {
                delete.setLong(1, assignment.run());
                delete.setString(2, assignment.step());
                delete.setInt(3, file);
            }
            try (ResultSet result = delete.executeQuery()) {
                while (result.next()) {
                    pending.add(result.getLong(1));
                }
            }
        }
    }

    /** What our own transaction wrote is no reason: it is from a line before, or from a part that was kept. */
    private String newer() {
        return """
                DELETE FROM pg_temp.loaded l
                USING %s t, %s.reject r
                WHERE (%s)
                  AND r.run = ?
                  AND r.step = ?
                  AND r.file = ?
                  AND r.record = l.record
                  AND CASE
                    WHEN age(t.xmin) > 0
                      THEN r.refused_in IS NULL OR age(t.xmin) < age(r.refused_in::xid)
                    ELSE pg_xact_status((pg_current_xact_id()::text::numeric - age(t.xmin))::text::xid8)
                      IS DISTINCT FROM 'in progress'
                  END
                RETURNING l.record"""
                .formatted(target.name(), assignment.schema(), same());
    }

    private String same() {
        return keys.stream()
                .map(key -> key.stream()
                        .map(name -> target.column(name).orElseThrow().quoted())
                        .map(column -> "t." + column + " = l." + column)
                        .collect(Collectors.joining(" AND ")))
                .collect(Collectors.joining(") OR (", "(", ")"));
    }

    /** The part stays. */
    void kept() {
        taken.addAll(pending);
        pending.clear();
    }

    /** The numbers of the records that were taken out. */
    public Set<Long> taken() {
        return taken;
    }

    /** Why, in words. */
    public String reason() {
        return keys.isEmpty()
                ? "is not tried again: the merge may change rows, and without a merge-key nothing tells whether its row"
                        + " is newer; --overwrite applies it all the same"
                : "is not tried again: the row of its key was written after this record was refused and may be newer;"
                        + " --overwrite applies it all the same";
    }
}
