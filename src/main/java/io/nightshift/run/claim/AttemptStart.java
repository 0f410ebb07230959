package io.nightshift.run.claim;

import io.nightshift.database.Database;
import io.nightshift.problem.ExitCode;
import io.nightshift.problem.ProblemException;
import io.nightshift.run.books.Host;
import io.nightshift.run.books.RunRow;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Begins an attempt: ends what a dead process has left behind, and bumps the fencing token. Only after that may the
 * ledger be read: nobody else can commit a chunk of this run any more.
 */
public final class AttemptStart {

    /** A dead client's backend may have to finish a statement before it notices. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Database database;
    private final String schema;

    public AttemptStart(Database database) {
        this.database = database;
        this.schema = database.schema();
    }

    /**
     * @param number the attempt, counted from 1
     * @param token  by which it is known
     */
    public record Attempt(int number, long token) {}

    /** The caller holds the lock on the work, so no living process is at this run. */
    public Attempt begin(RunRow run, String who) throws SQLException {
        try (Connection connection = database.dataSource().getConnection()) {
            if (run.state().equals("STARTED")) {
                endSessions(connection, run);
            }
            return begin(connection, run, who, Optional.empty(), "its process was gone");
        }
    }

    /**
     * Follows an attempt of this process by another.
     *
     * @param reason why the one before failed, where it could not be written down
     * @throws ProblemException when somebody else has begun one meanwhile, or abandoned the run
     */
    public Attempt again(RunRow run, String who, Attempt before, String reason) throws SQLException {
        try (Connection connection = database.dataSource().getConnection()) {
            long token = token(connection, run);
            if (token != before.token() && claimed(connection, run, before)) {
                throw takenOver(run);
            }
            // A connection that was lost on our side may have a session that does not know it yet.
            endSessions(connection, run);
            return begin(connection, run, who, Optional.of(new Attempt(before.number(), token)), reason);
        }
    }

    private Attempt begin(Connection connection, RunRow run, String who, Optional<Attempt> before, String reason)
            throws SQLException {
        long token = bump(connection, run, before);
        repair(connection, run, reason);
        return new Attempt(write(connection, run, who, token), token);
    }

    /**
     * Nobody can commit a chunk of this run any more but with the token that is returned. The caller holds the lock on
     * the work.
     */
    public long shutOut(RunRow run) throws SQLException {
        try (Connection connection = database.dataSource().getConnection()) {
            endSessions(connection, run);
            return bump(connection, run, Optional.empty());
        }
    }

    /**
     * Sessions of a process that is gone: a backend notices it only when its statement ends. A chunk has read our own
     * fence; another database, or another schema of Nightshift's, may have a run of the same name and number.
     */
    private void endSessions(Connection connection, RunRow run) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                """
                SELECT pg_terminate_backend(a.pid)
                FROM pg_stat_activity a
                WHERE a.usename = current_user
                  AND a.pid <> pg_backend_pid()
                  AND starts_with(a.application_name, left(?, 63))
                  AND EXISTS (
                    SELECT
                    FROM pg_locks l
                    WHERE l.pid = a.pid
                      AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
                      AND l.relation = CAST(? AS regclass)
                  )""")) {
            select.setString(1, "nightshift %s %d ".formatted(run.job(), run.run()));
            select.setString(2, schema + ".fence");
            select.execute();
        }
    }

    /**
     * Whether somebody has begun an attempt behind this one, or ended the run. If not, it was this process that changed
     * the token, and the answer was lost: it holds the locks, so that nobody else can be about to.
     */
    private boolean claimed(Connection connection, RunRow run, Attempt before) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                """
                SELECT r.state <> 'STARTED'
                  OR EXISTS (
                    SELECT
                    FROM %1$s.attempt a
                    WHERE a.run = r.run
                      AND a.attempt > ?
                  )
                FROM %1$s.run r
                WHERE r.run = ?"""
                        .formatted(schema))) {
            select.setInt(1, before.number());
            select.setLong(2, run.run());
            try (ResultSet result = select.executeQuery()) {
                return !result.next() || result.getBoolean(1);
            }
        }
    }

    private long token(Connection connection, RunRow run) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("SELECT token FROM %s.fence WHERE run = ?".formatted(schema))) {
            select.setLong(1, run.run());
            try (ResultSet result = select.executeQuery()) {
                result.next();
                return result.getLong(1);
            }
        }
    }

    private long bump(Connection connection, RunRow run, Optional<Attempt> before) throws SQLException {
        Instant end = Instant.now().plus(PATIENCE);
        while (true) {
            try (PreparedStatement update = connection.prepareStatement(
                    """
                    UPDATE %s.fence
                    SET token = token + 1
                    WHERE run = ?
                      AND token = coalesce(?, token)
                    RETURNING token"""
                            .formatted(schema))) {
                update.setLong(1, run.run());
                update.setObject(2, before.map(Attempt::token).orElse(null), Types.BIGINT);
                try (ResultSet result = update.executeQuery()) {
                    if (!result.next()) {
                        throw takenOver(run);
                    }
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

    private static ProblemException takenOver(RunRow run) {
        return new ProblemException(
                ExitCode.FAILED,
                "Run %d of %s".formatted(run.run(), run.job()),
                "this process has lost it: another attempt has begun, or it was abandoned",
                "What was committed before stays. See: nightshift show " + run.run());
    }

    /**
     * Nobody saw the attempt end: it did with the last chunk or step that is on record, for all that is known, and not
     * just now. Chunks have the time of the machine that did them.
     */
    private void repair(Connection connection, RunRow run, String reason) throws SQLException {
        new Executions(schema).settle(connection, run.run());
        try (PreparedStatement update = connection.prepareStatement(
                """
                UPDATE %1$s.attempt a
                SET state = 'FAILED',
                  reason = ?,
                  ended_at = least(clock_timestamp(), greatest(a.started_at, (
                    SELECT max(l.started_at + l.millis * interval '1 ms')
                    FROM %1$s.ledger l
                    WHERE l.run = a.run
                      AND l.attempt = a.attempt
                  ), (
                    SELECT max(s.ended_at)
                    FROM %1$s.step s
                    WHERE s.run = a.run
                  )))
                WHERE a.run = ?
                  AND a.ended_at IS NULL"""
                        .formatted(schema))) {
            update.setString(1, reason);
            update.setLong(2, run.run());
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
