package io.nightshift.run;

import io.nightshift.chunk.Counts;
import io.nightshift.database.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
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

    /** Whether it ended before it did anything, so that nothing continues it. */
    static final String REFUSED =
            """
            EXISTS (
                SELECT
                FROM {schema}.event e
                WHERE e.run = r.run
                  AND e.kind = 'refused'
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
            instant(row, "ended_at"),
            row.getInt("attempts"),
            counts(row),
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

    /** One go at a run. */
    public record Attempt(
            int attempt,
            String state,
            Optional<String> reason,
            Process process,
            Instant startedAt,
            Optional<Instant> endedAt) {}

    /**
     * A step that has begun.
     *
     * @param total records or keys that were expected when it began
     * @param size  how large its chunks were; empty before the first
     */
    public record Step(
            String step,
            String kind,
            String state,
            Optional<Long> total,
            boolean totalEstimated,
            Counts rows,
            long chunks,
            Optional<Size> size,
            Instant startedAt,
            Optional<Instant> endedAt) {}

    /**
     * How large the chunks of a step were.
     *
     * @param smallest     rows of the smallest one, the last of each piece left out
     * @param largest      rows of the largest one
     * @param latest       rows of the latest one
     * @param medianMillis how long half of them took at most
     */
    public record Size(long smallest, long largest, long latest, long medianMillis) {}

    /** A committed chunk: from after which key or record to which. */
    public record Chunk(
            String step,
            int piece,
            List<String> after,
            List<String> last,
            Counts rows,
            Instant startedAt,
            long millis,
            int attempt) {}

    /** Rows of one table, where the statements of a step work on several. */
    public record Rows(String step, String table, long rows) {}

    /** Something that happened in a run. */
    public record Event(Instant at, Optional<String> step, String kind, Optional<String> who, String message) {}

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
                                .replace("{refused}", REFUSED))
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

    /** All attempts at a run, in order. */
    public List<Attempt> attempts(long run) {
        return sql("""
                        SELECT attempt, state, reason, who, host, pid, started_at, ended_at
                        FROM {schema}.attempt
                        WHERE run = :run
                        ORDER BY attempt""")
                .param("run", run)
                .query((row, number) -> new Attempt(
                        row.getInt("attempt"),
                        row.getString("state"),
                        Optional.ofNullable(row.getString("reason")),
                        new Process(row.getString("who"), row.getString("host"), row.getLong("pid")),
                        row.getTimestamp("started_at").toInstant(),
                        instant(row, "ended_at")))
                .list();
    }

    /** The steps that have begun, in order; where retention has taken the chunks, with what it left of them. */
    public List<Step> steps(long run) {
        return sql("""
                        SELECT s.step, s.kind, s.state, s.total, s.total_estimated, s.started_at, s.ended_at,
                          CASE
                            WHEN s.collapsed_at IS NOT NULL OR count(l.run) = 0 THEN coalesce(s.chunks, 0)
                            ELSE count(l.run)
                          END AS chunks,
                          coalesce(min(l.read) FILTER (WHERE l.last <> p.upper), min(l.read)) AS smallest,
                          CASE WHEN s.collapsed_at IS NULL THEN max(l.read) END AS largest,
                          (array_agg(l.read ORDER BY l.started_at DESC))[1] AS latest,
                          percentile_disc(0.5) WITHIN GROUP (ORDER BY l.millis) AS median_millis,
                          coalesce(sum(l.read), s.read, 0) AS read,
                          coalesce(sum(l.written), s.written, 0) AS written,
                          coalesce(sum(l.rejected), s.rejected, 0) AS rejected,
                          coalesce(sum(l.skipped), s.skipped, 0) AS skipped
                        FROM {schema}.step s
                          LEFT JOIN {schema}.ledger l ON l.run = s.run AND l.step = s.step
                          LEFT JOIN {schema}.piece p ON p.run = l.run AND p.step = l.step AND p.piece = l.piece
                        WHERE s.run = :run
                        GROUP BY s.run, s.step
                        ORDER BY s.ordinal""")
                .param("run", run)
                .query((row, number) -> new Step(
                        row.getString("step"),
                        row.getString("kind"),
                        row.getString("state"),
                        Optional.ofNullable(row.getObject("total", Long.class)),
                        row.getBoolean("total_estimated"),
                        counts(row),
                        row.getLong("chunks"),
                        row.getObject("largest") == null
                                ? Optional.empty()
                                : Optional.of(new Size(
                                        row.getLong("smallest"),
                                        row.getLong("largest"),
                                        row.getLong("latest"),
                                        row.getLong("median_millis"))),
                        row.getTimestamp("started_at").toInstant(),
                        instant(row, "ended_at")))
                .list();
    }

    /** The committed chunks of all steps, in the order in which they were begun; of each step the ends only, or all. */
    public List<Chunk> chunks(long run, int atEachEnd) {
        return sql("""
                        SELECT step, piece, after, last, read, written, rejected, skipped, started_at, millis, attempt
                        FROM (
                          SELECT l.*,
                            row_number() OVER (PARTITION BY l.step ORDER BY l.started_at, l.piece) AS from_start,
                            row_number() OVER (PARTITION BY l.step ORDER BY l.started_at DESC, l.piece DESC) AS from_end
                          FROM {schema}.ledger l
                          WHERE l.run = :run
                        ) chunk
                        WHERE from_start <= :ends
                          OR from_end <= :ends
                        ORDER BY started_at, step, piece""")
                .param("run", run)
                .param("ends", atEachEnd)
                .query((row, number) -> new Chunk(
                        row.getString("step"),
                        row.getInt("piece"),
                        texts(row, "after"),
                        texts(row, "last"),
                        counts(row),
                        row.getTimestamp("started_at").toInstant(),
                        row.getLong("millis"),
                        row.getInt("attempt")))
                .list();
    }

    /** Rows by table of the steps that work on several, triggers and cascades left out. */
    public List<Rows> tables(long run) {
        return sql("""
                        SELECT s.step, c.key AS name, sum(c.value::bigint) AS rows
                        FROM {schema}.step s
                          JOIN {schema}.ledger l ON l.run = s.run AND l.step = s.step
                          CROSS JOIN LATERAL jsonb_each_text(l.counts) c
                        WHERE s.run = :run
                        GROUP BY s.ordinal, s.step, c.key
                        ORDER BY s.ordinal, c.key""")
                .param("run", run)
                .query((row, number) -> new Rows(row.getString("step"), row.getString("name"), row.getLong("rows")))
                .list();
    }

    /** What happened in a run, in order. */
    public List<Event> events(long run) {
        return sql("SELECT at, step, kind, who, message FROM {schema}.event WHERE run = :run ORDER BY id")
                .param("run", run)
                .query((row, number) -> new Event(
                        row.getTimestamp("at").toInstant(),
                        Optional.ofNullable(row.getString("step")),
                        row.getString("kind"),
                        Optional.ofNullable(row.getString("who")),
                        row.getString("message")))
                .list();
    }

    private JdbcClient.StatementSpec sql(String statement) {
        return jdbc.sql("/* nightshift: history */ " + statement.replace("{schema}", schema));
    }

    private static Counts counts(ResultSet row) throws SQLException {
        return new Counts(row.getLong("read"), row.getLong("written"), row.getLong("rejected"), row.getLong("skipped"));
    }

    private static Optional<Instant> instant(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getTimestamp(column)).map(Timestamp::toInstant);
    }

    static List<String> texts(ResultSet row, String column) throws SQLException {
        return List.of((String[]) row.getArray(column).getArray());
    }
}
