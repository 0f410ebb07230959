package io.nightshift.run;

import io.nightshift.database.Database;
import io.nightshift.step.StepPlan;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.List;

/** How long a step will take if it is as fast as when it last completed; nothing where there is no ground for it. */
final class ExpectedTime {

    private final Database database;
    private final Connection connection;

    /** The connection is in a transaction, which stays usable. */
    ExpectedTime(Database database, Connection connection) {
        this.database = database;
        this.connection = connection;
    }

    StepPlan of(String job, StepPlan plan) throws SQLException {
        if (plan.rows() < 0 || !database.hasOwnTables()) {
            return plan;
        }
        Savepoint savepoint = connection.setSavepoint();
        try {
            List<String> notes = new ArrayList<>(plan.notes());
            notes.addAll(note(job, plan));
            return new StepPlan(
                    plan.name(), plan.kind(), plan.rows(), plan.estimate(), plan.chunk(), plan.order(), notes);
        } catch (SQLException notAllowed) {
            // A role that may only read the user's tables learns nothing of earlier runs.
            connection.rollback(savepoint);
            return plan;
        }
    }

    private List<String> note(String job, StepPlan plan) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                """
                SELECT s.run, sum(l.read) / extract(epoch FROM s.ended_at - s.started_at)
                FROM %1$s.step s
                  JOIN %1$s.run r ON r.run = s.run
                  JOIN %1$s.ledger l ON l.run = s.run AND l.step = s.step
                WHERE r.job = ?
                  AND s.step = ?
                  AND s.state = 'COMPLETED'
                  AND s.ended_at > s.started_at
                GROUP BY s.run, s.ended_at, s.started_at
                HAVING sum(l.read) > 0
                ORDER BY s.run DESC
                LIMIT 1"""
                        .formatted(database.schema()))) {
            select.setString(1, job);
            select.setString(2, plan.name());
            try (ResultSet result = select.executeQuery()) {
                if (!result.next()) {
                    return List.of();
                }
                return List.of("about %.1f s at the %,.0f rows/s of run %d"
                        .formatted(plan.rows() / result.getDouble(2), result.getDouble(2), result.getLong(1)));
            }
        }
    }
}
