package io.nightshift.run.books;

import io.nightshift.chunk.Counts;
import io.nightshift.database.Database;
import io.nightshift.problem.ExitCode;
import io.nightshift.problem.Problem;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Sums up a run from its ledger, never from Spring Batch's counters. */
public final class Results {

    /** Seconds that attempts worked at the step {@code s}: those between two attempts are nobody's. */
    public static final String SECONDS_OF_STEP =
            """
            (
              SELECT coalesce(sum(extract(epoch FROM
                least(coalesce(s.ended_at, clock_timestamp()), coalesce(a.ended_at, clock_timestamp()))
                  - greatest(s.started_at, a.started_at))), 0)
              FROM {schema}.attempt a
              WHERE a.run = s.run
                AND coalesce(s.ended_at, clock_timestamp()) > a.started_at
                AND coalesce(a.ended_at, clock_timestamp()) > s.started_at
            )""";

    private final JdbcClient jdbc;
    private final String schema;

    public Results(Database database) {
        this.jdbc = JdbcClient.create(database.dataSource());
        this.schema = database.schema();
    }

    public RunResult of(RunRow run, String status, ExitCode exit, List<Problem> problems) {
        List<RunResult.StepResult> steps = steps(run.run());
        Counts rows = steps.stream().map(RunResult.StepResult::rows).reduce(Counts.ZERO, Counts::plus);
        return new RunResult(
                run.run(),
                run.job(),
                status,
                exit,
                number("SELECT count(*) FROM {schema}.attempt WHERE run = ?", run.run())
                        .intValue(),
                number(
                                """
                                SELECT coalesce(sum(extract(epoch FROM coalesce(ended_at, clock_timestamp()) - started_at)), 0)
                                FROM {schema}.attempt
                                WHERE run = ?""",
                                run.run())
                        .doubleValue(),
                rows,
                steps,
                problems,
                files(run.run()));
    }

    /** The sums of all its steps. */
    public Counts rows(long run) {
        return steps(run).stream().map(RunResult.StepResult::rows).reduce(Counts.ZERO, Counts::plus);
    }

    /** The sums of one step. */
    public Counts of(long run, String step) {
        return steps(run).stream()
                .filter(result -> result.name().equals(step))
                .map(RunResult.StepResult::rows)
                .reduce(Counts.ZERO, Counts::plus);
    }

    private Number number(String statement, long run) {
        return jdbc.sql(statement.replace("{schema}", schema))
                .param(run)
                .query(Double.class)
                .single();
    }

    private List<RunResult.StepResult> steps(long run) {
        return jdbc.sql(
                        """
                        SELECT s.step, s.kind, s.state,
                          coalesce(l.read, 0) AS read, coalesce(l.written, 0) AS written,
                          coalesce(l.rejected, 0) AS rejected, coalesce(l.skipped, 0) AS skipped,
                          coalesce(l.chunks, 0) AS chunks,
                          (
                            SELECT count(*)
                            FROM {schema}.event e
                            WHERE e.run = s.run
                              AND e.step = s.step
                              AND e.kind = 'retry'
                          ) AS retries,
                          {seconds} AS seconds
                        FROM {schema}.step s
                          LEFT JOIN (
                            SELECT step, sum(read) AS read, sum(written) AS written, sum(rejected) AS rejected,
                              sum(skipped) AS skipped, count(*) AS chunks
                            FROM {schema}.ledger
                            WHERE run = :run
                            GROUP BY step
                          ) l ON l.step = s.step
                        WHERE s.run = :run
                        ORDER BY s.ordinal"""
                                .replace("{seconds}", SECONDS_OF_STEP)
                                .replace("{schema}", schema))
                .param("run", run)
                .query((result, number) -> new RunResult.StepResult(
                        result.getString("step"),
                        result.getString("kind"),
                        result.getString("state"),
                        new Counts(
                                result.getLong("read"),
                                result.getLong("written"),
                                result.getLong("rejected"),
                                result.getLong("skipped")),
                        result.getLong("chunks"),
                        result.getLong("retries"),
                        result.getDouble("seconds")))
                .list();
    }

    /** What the run, and the runs that its steps began, have written for people to look at. */
    private List<String> files(long run) {
        return jdbc.sql(
                        """
                        WITH RECURSIVE family (run) AS (
                          SELECT CAST(:run AS bigint)
                          UNION
                          SELECT r.run
                          FROM {schema}.run r
                            JOIN family f ON f.run = r.parent_run
                        )
                        SELECT DISTINCT e.message
                        FROM {schema}.event e
                          JOIN family f ON f.run = e.run
                        WHERE e.kind = 'file'
                        ORDER BY e.message"""
                                .replace("{schema}", schema))
                .param("run", run)
                .query(String.class)
                .list();
    }
}
