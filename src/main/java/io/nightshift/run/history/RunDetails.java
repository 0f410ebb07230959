package io.nightshift.run.history;

import io.nightshift.chunk.Counts;
import io.nightshift.database.Database;
import io.nightshift.run.books.Results;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What one run has done, for people to read: its attempts, steps, chunks, and whatever else happened. Only looks. */
public final class RunDetails {

    private final JdbcClient jdbc;
    private final String schema;
    private final long run;

    public RunDetails(Database database, long run) {
        this.jdbc = JdbcClient.create(database.dataSource());
        this.schema = database.schema();
        this.run = run;
    }

    /** One go at a run. */
    public record Attempt(
            int attempt,
            String state,
            Optional<String> reason,
            History.Process process,
            Instant startedAt,
            Optional<Instant> endedAt) {}

    /**
     * A step that has begun.
     *
     * @param total   records or keys that were expected when it began
     * @param size    how large its chunks were; empty before the first
     * @param seconds that attempts worked at it, until now where one does
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
            Optional<Instant> endedAt,
            double seconds) {}

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

    /** All attempts at a run, in order. */
    public List<Attempt> attempts() {
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
                        new History.Process(row.getString("who"), row.getString("host"), row.getLong("pid")),
                        row.getTimestamp("started_at").toInstant(),
                        Columns.instant(row, "ended_at")))
                .list();
    }

    /** The steps that have begun, in order; where retention has taken the chunks, with what it left of them. */
    public List<Step> steps() {
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
                          coalesce(sum(l.skipped), s.skipped, 0) AS skipped,
                          {seconds} AS seconds
                        FROM {schema}.step s
                          LEFT JOIN {schema}.ledger l ON l.run = s.run AND l.step = s.step
                          LEFT JOIN {schema}.piece p ON p.run = l.run AND p.step = l.step AND p.piece = l.piece
                        WHERE s.run = :run
                        GROUP BY s.run, s.step
                        ORDER BY s.ordinal"""
                        .replace("{seconds}", Results.SECONDS_OF_STEP))
                .param("run", run)
                .query((row, number) -> new Step(
                        row.getString("step"),
                        row.getString("kind"),
                        row.getString("state"),
                        Optional.ofNullable(row.getObject("total", Long.class)),
                        row.getBoolean("total_estimated"),
                        Columns.counts(row),
                        row.getLong("chunks"),
                        row.getObject("largest") == null
                                ? Optional.empty()
                                : Optional.of(new Size(
                                        row.getLong("smallest"),
                                        row.getLong("largest"),
                                        row.getLong("latest"),
                                        row.getLong("median_millis"))),
                        row.getTimestamp("started_at").toInstant(),
                        Columns.instant(row, "ended_at"),
                        Math.round(row.getDouble("seconds") * 1000) / 1000.0))
                .list();
    }

    /** The committed chunks of all steps, in the order in which they were begun; of each step the ends only, or all. */
    public List<Chunk> chunks(int atEachEnd) {
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
                        Columns.texts(row, "after"),
                        Columns.texts(row, "last"),
                        Columns.counts(row),
                        row.getTimestamp("started_at").toInstant(),
                        row.getLong("millis"),
                        row.getInt("attempt")))
                .list();
    }

    /** Rows by table of the steps that work on several, triggers and cascades left out. */
    public List<Rows> tables() {
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
    public List<Event> events() {
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
}
