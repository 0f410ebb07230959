package io.nightshift.run.books;

import io.nightshift.database.Database;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What is written down about rejects that are tried again, and the open ones by run and step. */
public final class Replays {

    /** The run, the runs that its steps began, theirs, and so on: the table {@code family} at the head of a statement. */
    public static final String FAMILY =
            """
            WITH RECURSIVE family (run, job) AS (
              SELECT r.run, r.job
              FROM {schema}.run r
              WHERE r.run = :run
              UNION
              SELECT r.run, r.job
              FROM {schema}.run r
                JOIN family f ON f.run = r.parent_run
            )
            """;

    private final Database database;
    private final JdbcClient jdbc;

    public Replays(Database database) {
        this.database = database;
        this.jdbc = JdbcClient.create(database.dataSource());
    }

    private JdbcClient.StatementSpec sql(String statement) {
        return jdbc.sql(statement.replace("{schema}", database.schema()));
    }

    /** Open rejects of one step of a run. */
    public record Open(long run, String step, long count) {}

    /** Those of the run and of the runs that its steps began, in the order of their work. */
    public List<Open> open(long run) {
        return sql(FAMILY
                        + """
                        SELECT j.run, j.step, count(*)
                        FROM family f
                          JOIN {schema}.reject j ON j.run = f.run
                          LEFT JOIN {schema}.step s ON s.run = j.run AND s.step = j.step
                        WHERE j.state = 'open'
                        GROUP BY j.run, j.step, s.ordinal
                        ORDER BY j.run, s.ordinal""")
                .param("run", run)
                .query((row, number) -> new Open(row.getLong(1), row.getString(2), row.getLong(3)))
                .list();
    }

    /**
     * Begins one, with what it will use.
     *
     * @param texts the job files and mappers by their names; those that the run was frozen with are known already
     * @param with  says which texts, in words
     * @return its number
     */
    public long begin(long run, String who, long count, Map<String, String> texts, String with) {
        Runs runs = new Runs(database);
        return together(() -> {
            endLost(run);
            long replay = sql("INSERT INTO {schema}.replay (run, who, host, pid) VALUES (?, ?, ?, ?) RETURNING replay")
                    .params(run, who, Host.name(), ProcessHandle.current().pid())
                    .query(Long.class)
                    .single();
            new FrozenContent(database).add(run, replay, texts);
            runs.event(
                    run,
                    "replay",
                    who,
                    "tries %,d open reject%s again, %s".formatted(count, count == 1 ? "" : "s", with));
            return replay;
        });
    }

    /** The caller holds the lock on the work: one that has not ended belongs to a process that is gone. */
    private void endLost(long run) {
        sql("UPDATE {schema}.replay SET ended_at = clock_timestamp() WHERE run = ? AND ended_at IS NULL")
                .param(run)
                .update();
    }

    public void end(long replay) {
        sql("UPDATE {schema}.replay SET ended_at = clock_timestamp() WHERE replay = ?")
                .param(replay)
                .update();
    }

    /** Who is at it, in words, by the books. */
    public Optional<String> atWork(String job) {
        return sql("""
                        SELECT p.run, p.who, p.host, p.started_at
                        FROM {schema}.replay p
                          JOIN {schema}.run r ON r.run = p.run
                        WHERE r.job = ?
                          AND p.ended_at IS NULL
                        ORDER BY p.replay DESC
                        LIMIT 1""")
                .param(job)
                .query((row, number) -> "the rejects of run %d are tried again by %s on %s since %s"
                        .formatted(
                                row.getLong(1),
                                row.getString(2),
                                row.getString(3),
                                row.getTimestamp(4).toInstant().truncatedTo(java.time.temporal.ChronoUnit.SECONDS)))
                .optional();
    }

    /**
     * Nobody will try these again.
     *
     * @return how many they were
     */
    public long dismiss(long run, String who, String reason) {
        Runs runs = new Runs(database);
        return together(() -> {
            long all = 0;
            for (Open open : open(run)) {
                int count = sql("UPDATE {schema}.reject SET state = 'dismissed' WHERE run = ? AND step = ? AND state ="
                                + " 'open'")
                        .params(open.run(), open.step())
                        .update();
                runs.event(
                        open.run(),
                        open.step(),
                        "dismiss",
                        who,
                        "%,d open reject%s: %s".formatted(count, count == 1 ? "" : "s", reason));
                all += count;
            }
            return all;
        });
    }

    private <T> T together(java.util.function.Supplier<T> writing) {
        TransactionTemplate transaction =
                new TransactionTemplate(new DataSourceTransactionManager(database.dataSource()));
        return java.util.Objects.requireNonNull(transaction.execute(status -> writing.get()));
    }
}
