package io.nightshift.run.books;

import io.nightshift.database.Database;
import io.nightshift.problem.ExitCode;
import io.nightshift.problem.ProblemException;
import java.sql.ResultSet;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The runs as they are written down: what was frozen, which attempt is at work, how they ended. */
public final class Runs {

    /** Whether it ended before it did anything, so that nothing continues it. */
    public static final String REFUSED =
            """
            EXISTS (
                SELECT
                FROM {schema}.event e
                WHERE e.run = r.run
                  AND e.kind = 'refused'
              )""";

    private static final String COLUMNS =
            """
            run, job, work, parameters::text, now, as_of, state, started_at, content_hash, who, host,
              {refused} AS refused, stop_requested_at"""
                    .replace("{refused}", REFUSED.replace("r.run", "{schema}.run.run"));

    private static final RowMapper<RunRow> ROW = (result, number) -> new RunRow(
            result.getLong("run"),
            result.getString("job"),
            result.getString("work"),
            result.getString("parameters"),
            instant(result, "now"),
            instant(result, "as_of"),
            result.getString("state"),
            instant(result, "started_at"),
            result.getString("content_hash"),
            result.getString("who"),
            result.getString("host"),
            result.getBoolean("refused"),
            Optional.ofNullable(result.getTimestamp("stop_requested_at")).map(Timestamp::toInstant));

    private final FrozenContent frozen;
    private final JdbcClient jdbc;
    private final String schema;

    public Runs(Database database) {
        this.frozen = new FrozenContent(database);
        this.jdbc = JdbcClient.create(database.dataSource());
        this.schema = database.schema();
    }

    private static Instant instant(ResultSet result, String column) throws java.sql.SQLException {
        return result.getTimestamp(column).toInstant();
    }

    private JdbcClient.StatementSpec sql(String statement) {
        return jdbc.sql(statement.replace("{schema}", schema));
    }

    Optional<RunRow> find(long run) {
        return sql("SELECT " + COLUMNS + " FROM {schema}.run WHERE run = ?")
                .param(run)
                .query(ROW)
                .optional();
    }

    /** @throws ProblemException when there is no run of this number */
    public RunRow get(long run) {
        return find(run)
                .orElseThrow(() -> new ProblemException(
                        ExitCode.USAGE, "run " + run, "there is no run of this number", "See: nightshift history"));
    }

    /** When retention removed what was written down about a run, if it did. */
    public Optional<Instant> booksRemoved(long run) {
        return sql("SELECT books_removed_at FROM {schema}.run WHERE run = ? AND books_removed_at IS NOT NULL")
                .param(run)
                .query((result, number) -> instant(result, "books_removed_at"))
                .optional();
    }

    /** Completed runs of which no proof is written down, those that a step began aside. */
    public List<Long> unproven() {
        return sql("""
                        SELECT r.run
                        FROM {schema}.run r
                        WHERE r.state = 'COMPLETED'
                          AND r.parent_run IS NULL
                          AND r.books_removed_at IS NULL
                          AND NOT EXISTS (SELECT FROM {schema}.event e WHERE e.run = r.run AND e.kind = 'proof')
                        ORDER BY r.run""")
                .query(Long.class)
                .list();
    }

    /** The newest run of the same job with the same parameters. */
    public Optional<RunRow> latestOfWork(String work) {
        return sql("SELECT " + COLUMNS + " FROM {schema}.run WHERE work = ? ORDER BY run DESC LIMIT 1")
                .param(work)
                .query(ROW)
                .optional();
    }

    /** Whoever is at work on the job, by the books. */
    public Optional<RunRow> atWork(String job) {
        return sql("SELECT " + COLUMNS
                        + " FROM {schema}.run WHERE job = ? AND state = 'STARTED' ORDER BY run DESC LIMIT 1")
                .param(job)
                .query(ROW)
                .optional();
    }

    /** The unfinished runs that the steps of a run began, and theirs. */
    public List<RunRow> unfinishedBelow(long run) {
        return sql(
                        """
                        WITH RECURSIVE below (number) AS (
                          SELECT r.run
                          FROM {schema}.run r
                          WHERE r.parent_run = ?
                          UNION
                          SELECT r.run
                          FROM {schema}.run r
                            JOIN below b ON b.number = r.parent_run
                        )
                        SELECT """
                                + " " + COLUMNS
                                + """

                        FROM {schema}.run
                          JOIN below ON number = run
                        WHERE state <> 'COMPLETED'
                        ORDER BY run""")
                .param(run)
                .query(ROW)
                .list()
                .stream()
                .filter(RunRow::unfinished)
                .toList();
    }

    /** The newest run that a step of another run began. */
    public Optional<RunRow> childOf(long parent, String step) {
        return sql("SELECT " + COLUMNS
                        + " FROM {schema}.run WHERE parent_run = ? AND parent_step = ? ORDER BY run DESC LIMIT 1")
                .params(parent, step)
                .query(ROW)
                .optional();
    }

    /** Writes down a run with what is frozen into it, and returns its number. */
    public long create(NewRun run, Map<String, String> content) {
        long number =
                sql("""
                        WITH run AS (
                          INSERT INTO {schema}.run (
                            job, work, parameters, now, as_of, state, who, host, pid, slot, parent_run, parent_step,
                            content_hash)
                          VALUES (?, ?, ?::jsonb, ?, ?, 'STARTED', ?, ?, ?, ?, ?, ?, ?)
                          RETURNING run
                        ), fence AS (
                          INSERT INTO {schema}.fence (run, token)
                          SELECT run, 0
                          FROM run
                        )
                        SELECT run
                        FROM run""")
                        .params(
                                run.job(),
                                run.work(),
                                run.parameters(),
                                Timestamp.from(run.now()),
                                Timestamp.from(run.asOf()),
                                run.who(),
                                Host.name(),
                                ProcessHandle.current().pid(),
                                run.slot().map(Timestamp::from).orElse(null),
                                run.parent().map(NewRun.Parent::run).orElse(null),
                                run.parent().map(NewRun.Parent::step).orElse(null),
                                run.contentHash())
                        .query(Long.class)
                        .single();
        frozen.freeze(number, content);
        return number;
    }

    public void adopt(long run, NewRun.Parent parent) {
        sql("UPDATE {schema}.run SET parent_run = ?, parent_step = ? WHERE run = ?")
                .params(parent.run(), parent.step(), run)
                .update();
    }

    /** How an attempt ended; another one may follow, so that the run has not ended yet. */
    public void endAttempt(long run, int attempt, String state, @Nullable String reason) {
        sql("""
                        UPDATE {schema}.attempt
                        SET state = ?,
                          reason = ?,
                          ended_at = clock_timestamp()
                        WHERE run = ?
                          AND attempt = ?""")
                .params(state, reason, run, attempt)
                .update();
    }

    /** How a run ended, unless it belongs to somebody else by now: then its token is another. */
    public void end(long run, long token, String state, @Nullable String reason) {
        sql("""
                        UPDATE {schema}.run r
                        SET state = ?,
                          reason = ?,
                          ended_at = clock_timestamp()
                        FROM {schema}.fence f
                        WHERE r.run = ?
                          AND f.run = r.run
                          AND f.token = ?""")
                .params(state, reason, run, token)
                .update();
    }

    /**
     * Nothing continues a run that was refused before it, or a run that its steps began, committed anything: resuming
     * it would meet the same frozen content.
     */
    public void closeIfNothingWasDone(long run, String who) {
        sql("""
                        WITH RECURSIVE family (run) AS (
                          SELECT CAST(:run AS bigint)
                          UNION
                          SELECT r.run
                          FROM {schema}.run r
                            JOIN family f ON f.run = r.parent_run
                        )
                        INSERT INTO {schema}.event (run, kind, who, message)
                        SELECT :run, 'refused', :who, 'it ended before it did anything; nothing continues it'
                        WHERE NOT EXISTS (
                          SELECT
                          FROM {schema}.ledger l
                            JOIN family f ON f.run = l.run
                        )""")
                .param("run", run)
                .param("who", who)
                .update();
    }

    /** Ends a run for good; nobody may be at work on it. */
    public void abandon(long run, String who, String reason) {
        sql("""
                        UPDATE {schema}.run
                        SET state = 'ABANDONED',
                          reason = ?,
                          ended_at = clock_timestamp()
                        WHERE run = ?""")
                .params(reason, run)
                .update();
        event(run, "abandon", who, reason);
    }

    public void event(long run, String kind, String who, String message) {
        event(run, "", kind, who, message);
    }

    /** @param step that it is about; empty when it is about the whole run */
    public void event(long run, String step, String kind, String who, String message) {
        sql("INSERT INTO {schema}.event (run, step, kind, who, message) VALUES (?, nullif(?, ''), ?, ?, ?)")
                .params(run, step, kind, who, message)
                .update();
    }

    /** How many chunks an attempt has committed, by the ledger. */
    public long committed(long run, int attempt) {
        return sql("SELECT count(*) FROM {schema}.ledger WHERE run = ? AND attempt = ?")
                .params(run, attempt)
                .query(Long.class)
                .single();
    }
}
