package io.nightshift.chunk;

import io.nightshift.problem.ExitCode;
import io.nightshift.problem.ProblemException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;

/**
 * The first statement of every chunk. It reads the run's fencing token {@code FOR SHARE}, so that a take-over, which
 * changes the token, waits for the chunk or ends it; a process that lost its run cannot commit anything. The same
 * statement names the session and bounds it, until the end of the transaction.
 */
final class Fence {

    private final Assignment assignment;
    private final String statement;

    Fence(Assignment assignment) {
        this.assignment = assignment;
        this.statement =
                """
                SELECT token,
                  set_config('application_name', ?, true),
                  set_config('nightshift.actor', ?, true),
                  set_config('lock_timeout', ?, true),
                  set_config('statement_timeout', ?, true)
                FROM %s.fence
                WHERE run = ?
                FOR SHARE"""
                        .formatted(assignment.schema());
    }

    /**
     * Enters the chunk's transaction.
     *
     * @throws ProblemException when another attempt has taken over
     */
    void enter(Connection connection) throws SQLException {
        enter(connection, assignment.bounds().lock());
    }

    /**
     * Enters it with another longest wait for a lock.
     *
     * @throws ProblemException when another attempt has taken over
     */
    void enter(Connection connection, Duration lockTimeout) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(statement)) {
            select.setString(1, assignment.applicationName());
            select.setString(2, assignment.actor());
            select.setString(3, Long.toString(lockTimeout.toMillis()));
            select.setString(4, Long.toString(assignment.bounds().statement().toMillis()));
            select.setLong(5, assignment.run());
            try (ResultSet result = select.executeQuery()) {
                if (!result.next() || result.getLong(1) != assignment.token()) {
                    throw new ProblemException(
                            ExitCode.FAILED,
                            "Run %d of %s".formatted(assignment.run(), assignment.job()),
                            "another attempt has taken this run over; this process may not write any more",
                            "What was committed before stays. See: nightshift show " + assignment.run());
                }
            }
        }
    }
}
