package io.nightshift.chunk;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Writes down that a step has begun, with the range it will work on, and how it ended. */
final class StepOpening {

    private final Environment environment;
    private final Assignment assignment;

    StepOpening(Environment environment) {
        this.environment = environment;
        this.assignment = environment.assignment();
    }

    /** Prepares the work and reads from the ledger what earlier attempts have done. */
    StepTally open(StepWork<?> work) throws SQLException, IOException {
        // The step begins here: hashing a large file, or counting keys, is a part of it.
        long begun = System.nanoTime();
        work.look();
        try (Connection connection = environment.dataSource().getConnection()) {
            connection.setAutoCommit(false);
            try {
                new Fence(assignment).enter(connection);
                Ledger.Sums before = new Ledger(assignment).sums(connection);
                long settled = new Rejects(assignment).settled(connection);
                Known known = known(connection);
                boolean first = known == null;
                StepWork.Total prepared = work.prepare(connection, first);
                StepWork.Total total = first ? prepared : known.total();
                write(connection, work.kind(), total, begun);
                connection.commit();
                environment
                        .progress()
                        .stepStarted(assignment.step(), work.kind(), total.rows(), total.estimate(), before.counts());
                int chunk = first || known.chunk() == 0 ? work.chunk() : known.chunk();
                return new StepTally(
                        environment,
                        new StepTally.Limits(work.rejectLimit(), work.maxRows()),
                        new StepTally.Before(before.counts(), settled),
                        chunk);
            } catch (SQLException | IOException | RuntimeException failure) {
                connection.rollback();
                throw failure;
            } finally {
                connection.setAutoCommit(true);
            }
        }
    }

    /** @param chunk what an earlier attempt had to make a chunk smaller to; 0 when it had not */
    private record Known(StepWork.Total total, int chunk) {}

    private @Nullable Known known(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                """
                SELECT coalesce(total, -1), coalesce(total_estimated, false), coalesce(chunk, 0)
                FROM %s.step
                WHERE run = ?
                  AND step = ?"""
                        .formatted(assignment.schema()))) {
            select.setLong(1, assignment.run());
            select.setString(2, assignment.step());
            try (ResultSet result = select.executeQuery()) {
                return result.next()
                        ? new Known(new StepWork.Total(result.getLong(1), result.getBoolean(2)), result.getInt(3))
                        : null;
            }
        }
    }

    private void write(Connection connection, String kind, StepWork.Total total, long begun) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                """
                INSERT INTO %1$s.step AS s (
                  run, step, ordinal, kind, total, total_estimated, state, started_at, began_xid)
                SELECT r.run, ?, (SELECT count(*) + 1 FROM %1$s.step o WHERE o.run = r.run), ?, ?, ?, 'STARTED',
                  clock_timestamp() - ? * interval '1 microsecond', pg_current_xact_id()::text::bigint
                FROM %1$s.run r
                WHERE r.run = ?
                ON CONFLICT (run, step) DO UPDATE
                SET state = 'STARTED',
                  ended_at = NULL"""
                        .formatted(assignment.schema()))) {
            insert.setString(1, assignment.step());
            insert.setString(2, kind);
            insert.setObject(3, total.rows() < 0 ? null : total.rows(), Types.BIGINT);
            insert.setBoolean(4, total.estimate());
            insert.setLong(5, TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - begun));
            insert.setLong(6, assignment.run());
            insert.executeUpdate();
        }
    }

    /**
     * Writes down how the step ended, with its sums and the seal of its ledger.
     *
     * @throws SQLException when it is through and that cannot be written: then it is not, and the next attempt, which
     *     finds nothing left to do, writes it
     */
    void close(String state) throws SQLException {
        try (Connection connection = environment.dataSource().getConnection();
                PreparedStatement update = connection.prepareStatement(
                        """
                        UPDATE %1$s.step s
                        SET state = ?,
                          ended_at = clock_timestamp(),
                          ended_xid = pg_current_xact_id()::text::bigint,
                          read = l.read,
                          written = l.written,
                          rejected = l.rejected,
                          skipped = l.skipped,
                          chunks = l.chunks,
                          seal = CASE WHEN ? THEN %1$s.seal(s.run, s.step) END
                        FROM (
                          SELECT coalesce(sum(read), 0) AS read, coalesce(sum(written), 0) AS written,
                            coalesce(sum(rejected), 0) AS rejected, coalesce(sum(skipped), 0) AS skipped,
                            count(*) AS chunks
                          FROM %1$s.ledger
                          WHERE run = ?
                            AND step = ?
                        ) l
                        WHERE s.run = ?
                          AND s.step = ?"""
                                .formatted(assignment.schema()))) {
            update.setString(1, state);
            update.setBoolean(2, state.equals("COMPLETED"));
            update.setLong(3, assignment.run());
            update.setString(4, assignment.step());
            update.setLong(5, assignment.run());
            update.setString(6, assignment.step());
            update.executeUpdate();
        } catch (SQLException unreachable) {
            if (state.equals("COMPLETED")) {
                environment.progress().stepEnded(assignment.step(), "FAILED");
                throw unreachable;
            }
            // The run's own end tells of it; this row is for display.
            environment.progress().note("step " + assignment.step() + ": its end could not be written down");
        }
        environment.progress().stepEnded(assignment.step(), state);
    }
}
