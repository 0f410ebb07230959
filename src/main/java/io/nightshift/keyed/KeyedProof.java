package io.nightshift.keyed;

import io.nightshift.chunk.Assignment;
import io.nightshift.chunk.Counts;
import io.nightshift.chunk.Ledger;
import io.nightshift.chunk.Piece;
import io.nightshift.job.StepDefinition;
import io.nightshift.problem.ProblemException;
import io.nightshift.prove.Proof;
import io.nightshift.prove.StepRow;
import io.nightshift.sql.BoundSql;
import io.nightshift.sql.KeysQuery;
import io.nightshift.step.StepContext;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Proves a step that went through pages of keys: its rejects lie in the chunks that count them, and its keys query finds
 * nothing any more but what was rejected. PostgreSQL compares, in sets, in the keys' own types.
 */
final class KeyedProof {

    /** The chunks of the first pass lie side by side: a reject belongs to the next end behind it. */
    private static final String REJECTS =
            """
            /* nightshift: prove */
            WITH marks AS (
              SELECT {last}, 1 AS is_end, l.piece, l.after, l.last, l.rejected
              FROM {schema}.ledger l
                JOIN {schema}.piece p ON p.run = l.run AND p.step = l.step AND p.piece = l.piece
              WHERE l.run = ?
                AND l.step = ?
                AND p.pass = 1
              UNION ALL
              SELECT {key}, 0, NULL, NULL, NULL, NULL
              FROM {schema}.reject j
              WHERE j.run = ?
                AND j.step = ?
                AND j.key IS NOT NULL
            ), numbered AS (
              SELECT m.*,
                coalesce(
                  sum(m.is_end) OVER (ORDER BY {k}, m.is_end ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),
                  0) AS chunk
              FROM marks m
            )
            SELECT max(piece), max(after), max(last), max(rejected), count(*) FILTER (WHERE is_end = 0)
            FROM numbered
            GROUP BY chunk
            HAVING count(*) FILTER (WHERE is_end = 0) {differs} coalesce(max(rejected), 0)
            ORDER BY chunk
            LIMIT {examples}""";

    /** Keys that are still found, with the age of their rows. */
    private static final String LEFT =
            """
            /* nightshift: prove */
            WITH found AS (
              SELECT {text} AS key, {later} AS later, {untouched} AS untouched
              FROM (
            {keys}
              ) k
                CROSS JOIN (
                  SELECT {schema}.xid_age(began_xid) AS began, {schema}.xid_age(ended_xid) AS ended
                  FROM {schema}.step
                  WHERE run = {run}
                    AND step = ?
                ) s
            {rows}
              WHERE NOT EXISTS (
                SELECT
                FROM {schema}.reject j
                WHERE j.run = {run}
                  AND j.step = ?
                  AND j.state IN ('open', 'dismissed')
                  AND j.key = {text})
              GROUP BY {k}
            )
            SELECT count(*),
              ARRAY(SELECT array_to_string(key, ', ') FROM found ORDER BY key LIMIT 10),
              count(*) FILTER (WHERE untouched),
              ARRAY(SELECT array_to_string(key, ', ') FROM found WHERE untouched ORDER BY key LIMIT 10),
              count(*) FILTER (WHERE later),
              ARRAY(SELECT array_to_string(key, ', ') FROM found WHERE later ORDER BY key LIMIT 10),
              count(later)
            FROM found""";

    private final StepDefinition.Keyed step;
    private final StepContext context;
    private final Connection connection;
    private final Proof proof;
    private final Assignment assignment;

    KeyedProof(StepDefinition.Keyed step, StepContext context, Connection connection, Proof proof) {
        this.step = step;
        this.context = context;
        this.connection = connection;
        this.proof = proof;
        this.assignment = context.environment().assignment();
    }

    /** @param ends whether the step has to end the condition of its keys: an update may leave it as it is */
    void prove(boolean ends) throws SQLException {
        List<Piece> pieces = new Ledger(assignment).pieces(connection);
        if (pieces.isEmpty()) {
            proof.held("there was nothing to do: the range was empty");
            return;
        }
        StepRow row = StepRow.find(connection, assignment).orElseThrow();
        try {
            // Limited to the listed keys, where the run is: the others were nobody's business.
            KeysQuery query = KeyRange.describe(connection, context.statement(step.keys()), context);
            if (row.rejectsRemoved().isEmpty()) {
                rejectsInTheirChunks(query, pieces.get(pieces.size() - 1).pass() == 1);
            }
            Left left = left(query, pieces.get(pieces.size() - 1).upper());
            judge(left, seenAndLeft(row), ends);
        } catch (SQLException refusal) {
            proof.unseen("%s cannot be asked any more: %s".formatted(step.keys(), refusal.getMessage()));
        } catch (ProblemException unfit) {
            proof.unseen("%s cannot be asked any more: %s"
                    .formatted(step.keys(), unfit.problems().get(0).what()));
        }
    }

    /** Keys that the step has met and not applied, those aside that are there as rejects. */
    private static long seenAndLeft(StepRow row) {
        Counts rows = row.rows().orElse(Counts.ZERO);
        return rows.skipped() + (row.rejectsRemoved().isPresent() ? rows.rejected() : 0);
    }

    private void rejectsInTheirChunks(KeysQuery query, boolean onePass) throws SQLException {
        String sql = REJECTS.replace("{schema}", assignment.schema())
                .replace("{last}", each(query, "(l.last[%1$d])::%2$s AS k%1$d"))
                .replace("{key}", each(query, "(j.key[%1$d])::%2$s"))
                .replace("{k}", each(query, "m.k%1$d"))
                // Rejects of a further pass lie in chunks of the first one, too.
                .replace("{differs}", onePass ? "<>" : "<")
                .replace("{examples}", Integer.toString(Proof.EXAMPLES));
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            for (int parameter = 1; parameter <= 3; parameter += 2) {
                select.setLong(parameter, assignment.run());
                select.setString(parameter + 1, assignment.step());
            }
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    String place = row.getObject(1) == null
                            ? "rejects"
                            : "piece %d, chunk from %s to %s".formatted(row.getInt(1), key(row, 2), key(row, 3));
                    proof.broken(
                            place,
                            "%,d rejects lie in it, but it counts %,d".formatted(row.getLong(5), row.getLong(4)));
                }
            }
        }
    }

    /**
     * Keys that are found again and are no rejects.
     *
     * @param untouched whose row is as it was before the step began
     * @param later     whose row was written after the step had ended
     * @param dated     of which can be told when their row was written
     */
    private record Left(Group all, Group untouched, Group later, long dated) {}

    /** @param keys the first of them */
    private record Group(long count, String keys) {

        static Group of(ResultSet row, int column) throws SQLException {
            return new Group(row.getLong(column), String.join("; ", (String[])
                    row.getArray(column + 1).getArray()));
        }
    }

    private Left left(KeysQuery query, List<String> upTo) throws SQLException {
        BoundSql keys = query.distinct(upTo);
        Optional<String> table = table(query);
        String sql = LEFT.replace("{keys}", keys.sql())
                .replace("{rows}", table.map(name -> rows(query, name)).orElse(""))
                .replace("{later}", table.isPresent() ? "bool_or(age(t.xmin) < s.ended)" : "NULL::boolean")
                .replace("{untouched}", table.isPresent() ? "bool_and(age(t.xmin) > s.began)" : "NULL::boolean")
                .replace("{text}", "ARRAY[" + each(query, "k.k%1$d::text") + "]")
                .replace("{k}", each(query, "k.k%1$d"))
                .replace("{run}", Long.toString(assignment.run()))
                .replace("{schema}", assignment.schema());
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            keys.set(select, 1);
            int next = keys.values().size() + 1;
            select.setString(next, assignment.step());
            select.setString(next + 1, assignment.step());
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return new Left(Group.of(row, 1), Group.of(row, 3), Group.of(row, 5), row.getLong(7));
            }
        }
    }

    private void judge(Left left, long seenAndLeft, boolean ends) {
        if (left.all().count() == 0) {
            proof.held(step.keys() + " finds nothing in the range but what was rejected");
            return;
        }
        if (left.untouched().count() > seenAndLeft) {
            proof.broken(
                    "key " + left.untouched().keys(),
                    "%s still finds %,d keys whose rows are as they were before the step began; it skipped %,d"
                            .formatted(step.keys(), left.untouched().count(), seenAndLeft));
        }
        if (!ends) {
            proof.unseen("%s finds %,d keys again: an update need not end the condition of its keys"
                    .formatted(step.keys(), left.all().count()));
            return;
        }
        if (left.later().count() > 0) {
            proof.later(
                    "key " + left.later().keys(),
                    "%s finds %,d keys again; their rows were written after the step had ended"
                            .formatted(step.keys(), left.later().count()));
        }
        long meanwhile =
                left.all().count() - left.later().count() - left.untouched().count();
        if (meanwhile > 0) {
            proof.later(
                    "key " + left.all().keys(),
                    left.dated() > 0
                            ? "%s finds %,d keys again; their rows were last written while the step ran, by somebody it could not see yet, or by itself"
                                    .formatted(step.keys(), meanwhile)
                            : "%s finds %,d keys again; when their rows were written cannot be told"
                                    .formatted(step.keys(), meanwhile));
        }
        if (left.untouched().count() > 0 && left.untouched().count() <= seenAndLeft) {
            proof.unseen("%s finds %,d keys again, no more than the %,d that the step saw and skipped"
                    .formatted(step.keys(), left.untouched().count(), seenAndLeft));
        }
    }

    /** The step's table by its full name, if the key columns are columns of it, so that a row's age can be asked for. */
    private Optional<String> table(KeysQuery query) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                """
                SELECT c.oid::regclass::text
                FROM pg_class c
                  JOIN pg_attribute a ON a.attrelid = c.oid
                WHERE c.oid = to_regclass(?)
                  AND c.relkind IN ('r', 'p')
                  AND a.attnum > 0
                  AND a.attname = ANY (?)
                GROUP BY c.oid
                HAVING count(*) = ?""")) {
            Object[] names = query.names().toArray();
            select.setString(1, step.table());
            select.setArray(2, connection.createArrayOf("text", names));
            select.setInt(3, names.length);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
            }
        }
    }

    private static String rows(KeysQuery query, String table) {
        String same = IntStream.range(0, query.columns().size())
                .mapToObj(i -> "t.\"%s\" = k.k%d"
                        .formatted(query.columns().get(i).name().replace("\"", "\"\""), i + 1))
                .collect(Collectors.joining(" AND "));
        return "    LEFT JOIN " + table + " t ON " + same;
    }

    /** @param form with the number of the column, and the name of its type for casts */
    private static String each(KeysQuery query, String form) {
        return IntStream.range(0, query.columns().size())
                .mapToObj(i -> form.formatted(i + 1, query.columns().get(i).castType()))
                .collect(Collectors.joining(", "));
    }

    private static String key(ResultSet row, int column) throws SQLException {
        String[] key = (String[]) row.getArray(column).getArray();
        return key.length == 0 ? "the start" : String.join("/", key);
    }
}
