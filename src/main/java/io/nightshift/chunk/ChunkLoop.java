package io.nightshift.chunk;

import io.nightshift.problem.ExitCode;
import io.nightshift.problem.ProblemException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.job.JobInterruptedException;
import org.springframework.batch.infrastructure.item.Chunk;
import org.springframework.batch.infrastructure.item.ItemReader;
import org.springframework.batch.infrastructure.item.ItemWriter;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The chunk transaction. Spring Batch opens and commits it, with one page as its one item; in it lie, in this order,
 * the fencing token, the page, the data, the rejects and the ledger row. All of it is committed, or none.
 *
 * <p>What fails behind the token for a reason that may pass is undone to a savepoint; the transaction then holds
 * nothing but a note of it, and the next one tries the same chunk again. See {@link ChunkRetry}.
 */
final class ChunkLoop<P> implements ItemReader<ChunkLoop.Turn<P>>, ItemWriter<ChunkLoop.Turn<P>> {

    private final Environment environment;
    private final Assignment assignment;
    private final ChunkWork<P> work;
    private final StepTally tally;
    private final ChunkSize size;
    private final ChunkRetry retry;
    private final Fence fence;
    private final Ledger ledger;
    private final Rejects rejects;
    private final Events events;
    private final Causes causes = new Causes();

    ChunkLoop(Environment environment, ChunkWork<P> work, StepTally tally, ChunkSize size) {
        this.environment = environment;
        this.assignment = environment.assignment();
        this.work = work;
        this.tally = tally;
        this.size = size;
        this.retry = new ChunkRetry(size);
        this.fence = new Fence(assignment);
        this.ledger = new Ledger(assignment);
        this.rejects = new Rejects(assignment);
        this.events = new Events(assignment);
    }

    /**
     * One transaction.
     *
     * @param page  what it works on; null when reading it failed and was undone
     * @param start the savepoint behind the token
     * @param begun when it began, by {@link System#nanoTime()}
     */
    record Turn<P>(@Nullable P page, Savepoint start, long begun) {}

    @Override
    public @Nullable Turn<P> read() throws Exception {
        if (tally.exceeded()) {
            throw tooManyRejects();
        }
        long begun = System.nanoTime();
        try {
            Connection connection = DataSourceUtils.getConnection(environment.dataSource());
            fence.enter(connection, retry.lockTimeout(assignment.bounds().lock()));
            Savepoint start = connection.setSavepoint();
            try {
                Optional<P> page = work.read(connection);
                return page.isEmpty() ? null : new Turn<>(page.get(), start, begun);
            } catch (SQLException failure) {
                undo(connection, start, failure);
                return new Turn<>(null, start, begun);
            }
        } catch (SQLException failure) {
            throw interruptedOr(failure);
        }
    }

    @Override
    public void write(Chunk<? extends Turn<P>> turns) throws Exception {
        for (Turn<P> turn : turns) {
            P page = turn.page();
            if (page == null) {
                continue;
            }
            Connection connection = DataSourceUtils.getConnection(environment.dataSource());
            try {
                write(connection, page, turn.begun());
            } catch (SQLException failure) {
                try {
                    undo(connection, turn.start(), failure);
                } catch (SQLException stays) {
                    throw interruptedOr(stays);
                }
            }
        }
    }

    private void write(Connection connection, P page, long begun) throws Exception {
        ChunkTools tools = new ChunkTools(connection, tally.allowance(), causes);
        ChunkWork.Outcome outcome = work.write(tools, page);
        rejects.write(connection, outcome.rejects());
        ledger.append(connection, outcome.entry());
        if (retry.failures() > 0) {
            events.add(connection, "retried", "%s: went in at try %d".formatted(work.place(), retry.failures() + 1));
        }
        // A constraint that fails only at COMMIT would leave Spring Batch in the state UNKNOWN.
        try (Statement constraints = connection.createStatement()) {
            constraints.execute("SET CONSTRAINTS ALL IMMEDIATE");
        }
        admit(outcome.entry().counts().read());
        afterCommit(outcome, begun);
    }

    /** The rows count as there until the chunk is over: another connection's chunk may end at the same time. */
    private void admit(long rows) {
        boolean admitted = tally.admit(rows);
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCompletion(int status) {
                if (status != STATUS_COMMITTED) {
                    tally.release(rows);
                }
            }
        });
        if (!admitted) {
            throw new ProblemException(
                    ExitCode.REFUSED,
                    "Step %s of run %d".formatted(assignment.step(), assignment.run()),
                    "it has grown beyond its max-rows: a chunk of %,d rows behind %,d would be more than %,d"
                            .formatted(
                                    rows, tally.counts().read(), tally.maxRows().orElseThrow()),
                    "That chunk was rolled back; %,d rows are written and stay. If more are meant, raise max-rows in the job file and start anew: nightshift run %s --new"
                            .formatted(tally.counts().written(), assignment.job()));
        }
    }

    private void afterCommit(ChunkWork.Outcome outcome, long begun) {
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                Counts counts = outcome.entry().counts();
                work.committed(outcome);
                retry.committed();
                size.committed(counts.read(), Duration.ofNanos(System.nanoTime() - begun));
                tally.committed(counts);
            }
        });
    }

    /**
     * Undoes what the chunk has begun, and writes down why, if it can be tried again by this connection.
     *
     * @throws SQLException the failure itself, if it cannot
     */
    private void undo(Connection connection, Savepoint start, SQLException failure) throws SQLException {
        Optional<String> decision = environment.stop().cancelled(failure) ? Optional.empty() : retry.after(failure);
        if (decision.isEmpty()) {
            throw failure;
        }
        try {
            connection.rollback(start);
            work.rewind();
            String what = "%s: %s; %s".formatted(work.place(), SqlState.words(failure), decision.get());
            events.add(connection, "retry", what);
            if (SqlState.cancelled(failure)) {
                remember(connection);
            }
            environment.progress().note("Step %s, %s".formatted(assignment.step(), what));
        } catch (SQLException gone) {
            failure.addSuppressed(gone);
            throw failure;
        }
    }

    /** Another attempt begins with the smaller chunk too. */
    private void remember(Connection connection) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                """
                UPDATE %s.step
                SET chunk = ?
                WHERE run = ?
                  AND step = ?"""
                        .formatted(assignment.schema()))) {
            update.setInt(1, size.rows());
            update.setLong(2, assignment.run());
            update.setString(3, assignment.step());
            update.executeUpdate();
        }
    }

    /** Between two transactions: waits before a chunk is tried again, if there is one. */
    void rest() {
        retry.rest();
    }

    /** A statement that we cancelled ourselves is no failure. */
    private Exception interruptedOr(SQLException failure) {
        return environment.stop().cancelled(failure)
                ? new JobInterruptedException(environment.stop().reason().orElse("stopped"))
                : failure;
    }

    private ProblemException tooManyRejects() {
        return limitExceeded(assignment, tally);
    }

    static ProblemException limitExceeded(Assignment assignment, StepTally tally) {
        Counts counts = tally.counts();
        return new ProblemException(
                ExitCode.FAILED,
                "Step %s of run %d".formatted(assignment.step(), assignment.run()),
                "%,d of %,d were rejected, more than its reject-limit of %s"
                        .formatted(tally.open(), counts.read(), tally.limit()),
                // No number here: the other connections of the step commit what they have in hand.
                "What is written stays. See why: nightshift rejects %1$d. To go on, mend the cause, then: nightshift rejects %1$d --replay and: nightshift resume %1$d. Or raise reject-limit in the job file, then: nightshift run %2$s --new"
                        .formatted(assignment.run(), assignment.job()));
    }
}
