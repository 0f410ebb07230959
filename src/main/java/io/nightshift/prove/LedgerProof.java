package io.nightshift.prove;

import io.nightshift.chunk.Assignment;
import io.nightshift.chunk.Counts;
import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * Proves the ledger of a step by itself: pieces meet, every piece's chain closes, rejects are there, sums agree, and no
 * row was changed since the step ended. PostgreSQL does it, in sets; positions are compared for equality only.
 */
public final class LedgerProof {

    private final JdbcClient jdbc;
    private final Assignment assignment;
    private final Proof proof;

    public LedgerProof(Connection connection, Assignment assignment, Proof proof) {
        this.jdbc = JdbcClient.create(new SingleConnectionDataSource(connection, true));
        this.assignment = assignment;
        this.proof = proof;
    }

    /** The step is COMPLETED. */
    public void of(StepRow step) {
        int before = proof.findings().size();
        pieces();
        begins();
        ends();
        doubles();
        if (proof.findings().size() == before) {
            strays();
        }
        boolean closes = proof.findings().size() == before;
        long chunks = sums(step);
        rejects(step);
        seal(step);
        if (step.collapsed().isPresent()) {
            proof.unseen("its %,d chunks were collapsed at %s into one row for each piece: their chains are gone"
                    .formatted(step.chunks(), step.collapsed().get()));
        } else if (closes) {
            proof.held("the chain of every piece closes: %,d chunk%s".formatted(chunks, chunks == 1 ? "" : "s"));
        }
    }

    private void pieces() {
        each(
                """
                SELECT p.piece, p.lower, p.before
                FROM (
                  SELECT piece, lower, lag(upper, 1, '{}') OVER (PARTITION BY pass ORDER BY piece) AS before
                  FROM {schema}.piece
                  WHERE run = :run
                    AND step = :step
                ) p
                WHERE p.lower <> p.before
                ORDER BY p.piece
                LIMIT {examples}""",
                row -> proof.broken(
                        "piece " + row.getInt(1),
                        "begins behind %s, but the piece before it ends at %s".formatted(key(row, 2), key(row, 3))));
    }

    private void begins() {
        each(
                """
                SELECT l.piece, l.after, l.last, p.piece IS NULL
                FROM {schema}.ledger l
                  LEFT JOIN {schema}.piece p ON p.run = l.run AND p.step = l.step AND p.piece = l.piece
                WHERE l.run = :run
                  AND l.step = :step
                  AND (
                    p.piece IS NULL
                    OR l.after <> '{}'
                      AND NOT EXISTS (
                        SELECT
                        FROM {schema}.ledger b
                        WHERE b.run = l.run
                          AND b.step = l.step
                          AND b.piece = l.piece
                          AND b.last = l.after))
                ORDER BY l.piece, l.started_at
                LIMIT {examples}""",
                row -> proof.broken(
                        place(row),
                        row.getBoolean(4)
                                ? "is a chunk of a piece that the step does not have"
                                : "begins where no chunk ended: one before it is missing, or it was moved or added"));
        each(
                """
                SELECT p.piece, p.lower, p.upper
                FROM {schema}.piece p
                WHERE p.run = :run
                  AND p.step = :step
                  AND (
                    p.upper <> '{}'
                    OR EXISTS (
                      SELECT FROM {schema}.ledger l WHERE l.run = p.run AND l.step = p.step AND l.piece = p.piece))
                  AND NOT EXISTS (
                    SELECT
                    FROM {schema}.ledger l
                    WHERE l.run = p.run
                      AND l.step = p.step
                      AND l.piece = p.piece
                      AND l.after = '{}')
                ORDER BY p.piece
                LIMIT {examples}""",
                row -> proof.broken("piece " + row.getInt(1), "has no chunk that begins at its start"));
    }

    private void ends() {
        each(
                """
                SELECT l.piece, l.after, l.last, p.upper
                FROM {schema}.ledger l
                  JOIN {schema}.piece p ON p.run = l.run AND p.step = l.step AND p.piece = l.piece
                WHERE l.run = :run
                  AND l.step = :step
                  AND l.last <> p.upper
                  AND p.upper <> '{}'
                  AND NOT EXISTS (
                    SELECT
                    FROM {schema}.ledger n
                    WHERE n.run = l.run
                      AND n.step = l.step
                      AND n.piece = l.piece
                      AND n.after = l.last)
                ORDER BY l.piece, l.started_at
                LIMIT {examples}""",
                row -> proof.broken(
                        place(row),
                        "no chunk goes on from its end, and the piece ends at %s: one behind it is missing, or it was moved"
                                .formatted(key(row, 4))));
    }

    private void doubles() {
        each(
                """
                SELECT l.piece, min(l.after), l.last, count(*)
                FROM {schema}.ledger l
                WHERE l.run = :run
                  AND l.step = :step
                GROUP BY l.piece, l.last
                HAVING count(*) > 1
                ORDER BY l.piece
                LIMIT {examples}""",
                row -> proof.broken(
                        place(row), "%d chunks end at the same place: one was doubled".formatted(row.getLong(4))));
    }

    /** With every other rule kept, rows that no chain from a start reaches can only form a circle. */
    private void strays() {
        each(
                """
                WITH RECURSIVE chain (piece, last) AS (
                  SELECT l.piece, l.last
                  FROM {schema}.ledger l
                  WHERE l.run = :run
                    AND l.step = :step
                    AND l.after = '{}'
                  UNION ALL
                  SELECT n.piece, n.last
                  FROM chain c
                    JOIN {schema}.ledger n ON n.run = :run AND n.step = :step AND n.piece = c.piece AND n.after = c.last
                )
                SELECT o.n - r.n
                FROM (SELECT count(*) AS n FROM chain) r,
                  (SELECT count(*) AS n FROM {schema}.ledger l WHERE l.run = :run AND l.step = :step) o
                WHERE o.n <> r.n""",
                row -> proof.broken(
                        "ledger", "%,d chunks lie on no chain from the start of a piece".formatted(row.getLong(1))));
    }

    /** @return how many rows there are */
    private long sums(StepRow step) {
        List<Long> chunks = new ArrayList<>();
        each(
                """
                SELECT coalesce(sum(read), 0), coalesce(sum(written), 0), coalesce(sum(rejected), 0),
                  coalesce(sum(skipped), 0), count(*), count(*) FILTER (WHERE read <> written + rejected + skipped)
                FROM {schema}.ledger
                WHERE run = :run
                  AND step = :step""",
                row -> {
                    chunks.add(row.getLong(5));
                    if (row.getLong(6) > 0) {
                        proof.broken(
                                "ledger",
                                "in %,d chunks, read is not written + rejected + skipped".formatted(row.getLong(6)));
                        return;
                    }
                    Counts now = new Counts(row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4));
                    step.rows()
                            .filter(then -> !then.equals(now))
                            .ifPresent(then -> proof.broken(
                                    "ledger",
                                    "sums up to %s, but the step ended with %s".formatted(now.words(), then.words())));
                });
        return chunks.get(0);
    }

    /** A step that began a run counts what that run has rejected; it is proven by itself. */
    private void rejects(StepRow step) {
        if (step.rejectsRemoved().isPresent()) {
            proof.unseen("its rejects were old enough and were removed at "
                    + step.rejectsRemoved().get());
            return;
        }
        each(
                """
                SELECT l.n, j.n
                FROM (SELECT coalesce(sum(rejected), 0) AS n FROM {schema}.ledger WHERE run = :run AND step = :step) l,
                  (SELECT count(*) AS n FROM {schema}.reject WHERE run = :run AND step = :step) j
                WHERE l.n <> j.n
                  AND NOT EXISTS (SELECT FROM {schema}.run c WHERE c.parent_run = :run AND c.parent_step = :step)""",
                row -> proof.broken(
                        "rejects",
                        "there are %,d, but the ledger counts %,d".formatted(row.getLong(2), row.getLong(1))));
    }

    private void seal(StepRow step) {
        if (step.seal().isEmpty()) {
            proof.unseen("whether its ledger is the one it ended with: no seal was written down at its end");
            return;
        }
        each("SELECT {schema}.seal(:run, :step)", row -> {
            if (!step.seal().get().equals(row.getString(1))) {
                proof.broken(
                        "ledger",
                        "is not as it was when "
                                + (step.collapsed().isPresent() ? "it was collapsed" : "the step ended")
                                + ": a row was changed, removed or added");
            }
        });
    }

    /** Takes one row of an answer. */
    private interface Row {
        void take(ResultSet row) throws SQLException;
    }

    private void each(String select, Row take) {
        jdbc.sql("/* nightshift: prove */ "
                        + select.replace("{schema}", assignment.schema())
                                .replace("{examples}", Integer.toString(Proof.EXAMPLES)))
                .param("run", assignment.run())
                .param("step", assignment.step())
                .query(take::take);
    }

    private static String place(ResultSet row) throws SQLException {
        return "piece %d, chunk from %s to %s".formatted(row.getInt(1), key(row, 2), key(row, 3));
    }

    /** A position as people read it. */
    static String key(ResultSet row, int column) throws SQLException {
        Array array = row.getArray(column);
        String[] texts = (String[]) array.getArray();
        return texts.length == 0 ? "the start" : String.join("/", texts);
    }
}
