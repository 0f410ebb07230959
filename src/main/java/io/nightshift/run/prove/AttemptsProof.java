package io.nightshift.run.prove;

import io.nightshift.prove.Proof;
import io.nightshift.run.books.RunRow;
import java.sql.Connection;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** Proves that the attempts at a run add up: none is missing, the last one ended as the run did, chunks belong to them. */
final class AttemptsProof {

    private final JdbcClient jdbc;
    private final String schema;
    private final RunRow run;
    private final Proof proof;

    AttemptsProof(Connection connection, String schema, RunRow run, Proof proof) {
        this.jdbc = JdbcClient.create(new SingleConnectionDataSource(connection, true));
        this.schema = schema;
        this.run = run;
        this.proof = proof;
    }

    private record Attempt(int number, String state, long token, String batch) {}

    void prove() {
        List<Attempt> attempts = attempts();
        if (attempts.isEmpty()) {
            proof.broken("attempts", "are gone, but chunks of them are there");
            return;
        }
        int before = proof.findings().size();
        long token = -1;
        for (int i = 0; i < attempts.size(); i++) {
            Attempt attempt = attempts.get(i);
            if (attempt.number() != i + 1) {
                proof.broken("attempt " + (i + 1), "is missing");
                return;
            }
            if (attempt.token() <= token) {
                proof.broken("attempt " + attempt.number(), "has not a higher token than the one before it");
            }
            token = attempt.token();
        }
        ended(attempts.get(attempts.size() - 1));
        chunks(attempts.size());
        if (proof.findings().size() == before) {
            proof.held(
                    attempts.size() == 1 ? "its one attempt adds up" : "its " + attempts.size() + " attempts add up");
        }
    }

    private List<Attempt> attempts() {
        return sql("""
                        SELECT a.attempt, a.state, a.token, coalesce(e.status, '')
                        FROM {schema}.attempt a
                          LEFT JOIN {schema}.batch_job_execution e ON e.job_execution_id = a.job_execution_id
                        WHERE a.run = :run
                        ORDER BY a.attempt""")
                .param("run", run.run())
                .query((row, number) -> new Attempt(row.getInt(1), row.getString(2), row.getLong(3), row.getString(4)))
                .list();
    }

    private void ended(Attempt last) {
        if (!run.state().equals("COMPLETED")) {
            return;
        }
        if (!last.state().equals("COMPLETED")) {
            proof.broken(
                    "attempt " + last.number(), "is the last one and " + last.state() + ", but the run is COMPLETED");
        } else if (!last.batch().equals("COMPLETED")) {
            proof.broken(
                    "attempt " + last.number(),
                    "is COMPLETED, but Spring Batch's execution of it is "
                            + (last.batch().isEmpty() ? "gone" : last.batch()));
        }
    }

    private void chunks(int attempts) {
        sql("""
                        SELECT l.step, l.attempt, count(*)
                        FROM {schema}.ledger l
                        WHERE l.run = :run
                          AND l.attempt NOT BETWEEN 1 AND :attempts
                        GROUP BY l.step, l.attempt
                        ORDER BY l.step, l.attempt""")
                .param("run", run.run())
                .param("attempts", attempts)
                .query(row -> {
                    proof.broken(
                            "step " + row.getString(1),
                            "%,d chunks are of attempt %d, which there is not"
                                    .formatted(row.getLong(3), row.getInt(2)));
                });
        sql("""
                        SELECT l.step, count(*)
                        FROM {schema}.ledger l
                        WHERE l.run = :run
                          AND NOT EXISTS (SELECT FROM {schema}.step s WHERE s.run = l.run AND s.step = l.step)
                        GROUP BY l.step
                        ORDER BY l.step""")
                .param("run", run.run())
                .query(row -> {
                    proof.broken(
                            "step " + row.getString(1),
                            "%,d chunks are of this step, which the run does not have".formatted(row.getLong(2)));
                });
    }

    private JdbcClient.StatementSpec sql(String statement) {
        return jdbc.sql("/* nightshift: prove */ " + statement.replace("{schema}", schema));
    }
}
