package io.nightshift.run;

import io.nightshift.database.Database;
import io.nightshift.problem.ExitCode;
import io.nightshift.problem.ProblemException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;

/**
 * Begins an attempt: ends what a dead process has left behind, and bumps the fencing token. Only after that may the
 * ledger be read: nobody else can commit a chunk of this run any more.
 */
final class AttemptStart {

    /** A dead client's backend may have to finish a statement before it notices. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Database database;
    private final String schema;

    AttemptStart(Database database) {
        this.database = database;
        this.schema = database.schema();
    }

    /**
     * @param number the attempt, counted from 1
     * @param token  by which it is known
     */
    record Attempt(int number, long token) {}

    /** The caller holds the lock on the work, so no living process is at this run. */
    Attempt begin(RunRow run, String who) throws SQLException {
        try (Connection connection = database.dataSource().getConnection()) {
            if (run.state().equals("STARTED")) {
                endSessions(connection, run);
            }
            long token = bump(connection, run);
            repair(connection, run);
            return new Attempt(write(connection, run, who, token), token);
        }
    }

    /** Sessions of a process that is gone: a backend notices it only when its statement ends. */
    private void endSessions(Connection connection, RunRow run) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                """
                SELECT pg_terminate_backend(pid)
                FROM pg_stat_activity
                WHERE usename = current_user
                  AND pid <> pg_backend_pid()
                  AND starts_with(application_name, left(?, 63))""")) {
            select.setString(1, "nightshift %s %d ".formatted(run.job(), run.run()));
            select.execute();
        }
    }

    private long bump(Connection connection, RunRow run) throws SQLException {
        Instant end = Instant.now().plus(PATIENCE);
        while (true) {
            try (PreparedStatement update = connection.prepareStatement(
                    "UPDATE %s.fence SET token = token + 1 WHERE run = ? RETURNING token".formatted(schema))) {
                update.setLong(1, run.run());
                try (ResultSet result = update.executeQuery()) {
                    result.next();
                    return result.getLong(1);
                }
            } catch (SQLException busy) {
                if (!"55P03".equals(busy.getSQLState())) {
                    throw busy;
                }
                if (Instant.now().isAfter(end)) {
                    throw new ProblemException(
                            ExitCode.FAILED,
                            "Run %d of %s".formatted(run.run(), run.job()),
                            "a chunk of an earlier attempt is still under way in the database",
                            "Nothing was changed. Wait for it, or end its session, and try again.");
                }
            }
        }
    }

    /** What a dead process left as running, and the state UNKNOWN, would keep Spring Batch from going on. */
    private void repair(Connection connection, RunRow run) throws SQLException {
        String executions =
                """
                SELECT job_execution_id
                FROM %s.attempt
                WHERE run = ?
                  AND job_execution_id IS NOT NULL"""
                        .formatted(schema);
        for (String table : new String[] {"batch_step_execution", "batch_job_execution"}) {
            try (PreparedStatement update = connection.prepareStatement(
                    """
                    UPDATE %s.%s
                    SET status = 'FAILED',
                      exit_code = 'FAILED',
                      end_time = localtimestamp,
                      version = version + 1
                    WHERE status IN ('STARTING', 'STARTED', 'STOPPING', 'UNKNOWN')
                      AND job_execution_id IN (%s)"""
                            .formatted(schema, table, executions))) {
                update.setLong(1, run.run());
                update.executeUpdate();
            }
        }
        try (PreparedStatement update = connection.prepareStatement(
                """
                UPDATE %s.attempt
                SET state = 'FAILED',
                  reason = 'its process was gone',
                  ended_at = clock_timestamp()
                WHERE run = ?
                  AND ended_at IS NULL"""
                        .formatted(schema))) {
            update.setLong(1, run.run());
            update.executeUpdate();
        }
    }

    private int write(Connection connection, RunRow run, String who, long token) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                """
                WITH run AS (
                  UPDATE %1$s.run
                  SET state = 'STARTED',
                    reason = NULL,
                    ended_at = NULL,
                    host = ?,
                    pid = ?
                  WHERE run = ?
                  RETURNING run
                )
                INSERT INTO %1$s.attempt (run, attempt, token, state, who, host, pid)
                SELECT run.run,
                  (SELECT coalesce(max(a.attempt), 0) + 1 FROM %1$s.attempt a WHERE a.run = run.run),
                  ?, 'STARTED', ?, ?, ?
                FROM run
                RETURNING attempt"""
                        .formatted(schema))) {
            insert.setString(1, Host.name());
            insert.setLong(2, ProcessHandle.current().pid());
            insert.setLong(3, run.run());
            insert.setLong(4, token);
            insert.setString(5, who);
            insert.setString(6, Host.name());
            insert.setLong(7, ProcessHandle.current().pid());
            try (ResultSet result = insert.executeQuery()) {
                result.next();
                return result.getInt(1);
            }
        }
    }
}
