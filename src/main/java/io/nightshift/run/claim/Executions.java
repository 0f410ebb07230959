package io.nightshift.run.claim;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/**
 * Spring Batch's rows of attempts that are over. What a dead process left as running, and the state UNKNOWN, which a
 * process writes that has lost its run or its connection, would keep Spring Batch from going on, and mislead whoever
 * looks at them.
 */
public record Executions(String schema) {

    /** Ends what is not ended of all attempts at a run: nobody is at work on it. */
    void settle(Connection connection, long run) throws SQLException {
        settle(connection, run, 0, Integer.MAX_VALUE);
    }

    /** Ends what is not ended of one attempt, which is over. */
    public void settle(Connection connection, long run, int attempt) throws SQLException {
        settle(connection, run, attempt, attempt);
    }

    private void settle(Connection connection, long run, int first, int last) throws SQLException {
        for (String table : new String[] {"batch_step_execution", "batch_job_execution"}) {
            try (PreparedStatement update = connection.prepareStatement(
                    """
                    UPDATE %1$s.%2$s
                    SET status = 'FAILED',
                      exit_code = 'FAILED',
                      end_time = localtimestamp,
                      version = version + 1
                    WHERE status IN ('STARTING', 'STARTED', 'STOPPING', 'UNKNOWN')
                      AND job_execution_id IN (
                        SELECT job_execution_id
                        FROM %1$s.attempt
                        WHERE run = ?
                          AND attempt BETWEEN ? AND ?
                          AND job_execution_id IS NOT NULL
                      )"""
                            .formatted(schema, table))) {
                update.setLong(1, run);
                update.setInt(2, first);
                update.setInt(3, last);
                update.executeUpdate();
            }
        }
    }
}
