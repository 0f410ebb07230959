package io.nightshift.run.history;

import io.nightshift.chunk.Counts;
import io.nightshift.database.Database;
import io.nightshift.run.books.Runs;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What runs and what has run, for people to read. Only looks: a role that may SELECT is enough. Nightshift's own tables
 * must be there ({@link Database#hasOwnTables()}).
 */
public final class History {

    /** Whether somebody holds the advisory lock that a run keeps for as long as it is at work. */
    private static final String ALIVE =
            """
            EXISTS (
                SELECT
                FROM pg_locks l
                WHERE l.locktype = 'advisory'
                  AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())
                  AND l.classid::bigint = ((hashtextextended('{schema} run ' || r.run, 0) >> 32) & 4294967295)
                  AND l.objid::bigint = (hashtextextended('{schema} run ' || r.run, 0) & 4294967295)
                  AND l.objsubid = 1
              )""";

    private static final String RUN =
            """
            SELECT r.run, r.job, r.parameters::text, r.now, r.state, r.reason, r.who, r.host, r.pid,
              r.started_at, r.ended_at, r.parent_run, r.stop_requested_by,
              r.state = 'STARTED' AND {alive} AS alive,
              (SELECT count(*) FROM {schema}.attempt a WHERE a.run = r.run) AS attempts,
              s.read, s.written, s.rejected, s.skipped
            FROM {schema}.run r
              CROSS JOIN LATERAL (
                SELECT coalesce(sum(l.read), 0) AS read, coalesce(sum(l.written), 0) AS written,
                  coalesce(sum(l.rejected), 0) AS rejected, coalesce(sum(l.skipped), 0) AS skipped
                FROM (
                  SELECT read, written, rejected, skipped
                  FROM {schema}.ledger
                  WHERE run = r.run
                  UNION ALL
                  SELECT read, written, rejected, skipped
                  FROM {schema}.step
                  WHERE run = r.run
                    AND r.books_removed_at IS NOT NULL
                ) l
              ) s
            """
                    .replace("{alive}", ALIVE);

    private static final RowMapper<Run> AS_RUN = (row, number) -> new Run(
            row.getLong("run"),
            row.getString("job"),
            row.getString("parameters"),
            row.getTimestamp("now").toInstant(),
            State.of(row.getString("state"), row.getBoolean("alive")),
            Optional.ofNullable(row.getString("reason")),
            new Process(row.getString("who"), row.getString("host"), row.getLong("pid")),
            row.getTimestamp("started_at").toInstant(),
            Columns.instant(row, "ended_at"),
            row.getInt("attempts"),
            Columns.counts(row),
            Optional.ofNullable(row.getObject("parent_run", Long.class)),
            Optional.ofNullable(row.getString("stop_requested_by")));

    private final JdbcClient jdbc;
    private final String schema;

    public History(Database database) {
        this.jdbc = JdbcClient.create(database.dataSource());
        this.schema = database.schema();
    }

    /** How a run stands. */
    public enum State {
        RUNNING,
        /** Its process is gone without having said how it ended. */
        CRASHED,
        COMPLETED,
        FAILED,
        STOPPED,
        ABANDONED;

        static State of(String written, boolean alive) {
            return written.equals("STARTED") ? alive ? RUNNING : CRASHED : valueOf(written);
        }

        /** Whether it ended in a way that somebody should look at. */
        public boolean bad() {
            return this == FAILED || this == CRASHED;
        }
    }

    /** Who is or was at work, and where. */
    public record Process(String who, String host, long pid) {}

    /**
     * A run with the sums over its ledger.
     *
     * @param parameters as JSON: {@code {"name": ["value", ...]}}
     * @param parent     the run whose step began this one
     * @param stopAsked  who has asked it to stop
     */
    public record Run(
            long run,
            String job,
            String parameters,
            Instant now,
            State state,
            Optional<String> reason,
            Process process,
            Instant startedAt,
            Optional<Instant> endedAt,
            int attempts,
            Counts rows,
            Optional<Long> parent,
            Optional<String> stopAsked) {}

    /** What is at work, and what waits for somebody: the newest run of its work, unfinished. Oldest first. */
    public List<Run> unfinished() {
        return sql(RUN
                        + """
                        WHERE r.state IN ('STARTED', 'FAILED', 'STOPPED')
                          AND NOT {refused}
                          AND NOT EXISTS (
                            SELECT
                            FROM {schema}.run n
                            WHERE n.work = r.work
                              AND n.run > r.run
                          )
                        ORDER BY r.run"""
                                .replace("{refused}", Runs.REFUSED))
                .query(AS_RUN)
                .list();
    }

    /**
     * Runs, newest first.
     *
     * @param job    only of this job
     * @param failed only those that failed or whose process is gone
     * @param since  only those that were at work at this time or later
     */
    public List<Run> runs(Optional<String> job, boolean failed, Optional<Instant> since, int atMost) {
        return sql(RUN
                        + """
                        WHERE (:job::text IS NULL OR r.job = :job)
                          AND (NOT :failed OR r.state = 'FAILED' OR r.state = 'STARTED' AND NOT {alive})
                          AND (:since::timestamptz IS NULL OR coalesce(r.ended_at, clock_timestamp()) >= :since::timestamptz)
                        ORDER BY r.run DESC
                        LIMIT :most"""
                                .replace("{alive}", ALIVE))
                .param("job", job.orElse(null))
                .param("failed", failed)
                .param("since", since.map(Instant::toString).orElse(null))
                .param("most", atMost)
                .query(AS_RUN)
                .list();
    }

    /** The run of this number. */
    public Optional<Run> find(long run) {
        return sql(RUN + "WHERE r.run = :run").param("run", run).query(AS_RUN).optional();
    }

    private JdbcClient.StatementSpec sql(String statement) {
        return jdbc.sql("/* nightshift: history */ " + statement.replace("{schema}", schema));
    }
}
