package io.nightshift.chunk;

import io.nightshift.problem.ExitCode;
import io.nightshift.problem.ProblemException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
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
 * the fencing token, the page, the data, the ledger row and the rejects. All of it is committed, or none.
 */
final class ChunkLoop<P> implements ItemReader<P>, ItemWriter<P> {

    private final DataSource dataSource;
    private final Assignment assignment;
    private final ChunkWork<P> work;
    private final StepTally tally;
    private final StopSignal stop;
    private final Fence fence;
    private final Ledger ledger;
    private final Rejects rejects;
    private final Causes causes = new Causes();

    ChunkLoop(DataSource dataSource, Assignment assignment, ChunkWork<P> work, StepTally tally, StopSignal stop) {
        this.dataSource = dataSource;
        this.assignment = assignment;
        this.work = work;
        this.tally = tally;
        this.stop = stop;
        this.fence = new Fence(assignment);
        this.ledger = new Ledger(assignment);
        this.rejects = new Rejects(assignment);
    }

    @Override
    public @Nullable P read() throws Exception {
        if (tally.exceeded()) {
            throw tooManyRejects();
        }
        try {
            Connection connection = DataSourceUtils.getConnection(dataSource);
            fence.enter(connection);
            return work.read(connection).orElse(null);
        } catch (SQLException failure) {
            throw interruptedOr(failure);
        }
    }

    @Override
    public void write(Chunk<? extends P> pages) throws Exception {
        try {
            Connection connection = DataSourceUtils.getConnection(dataSource);
            for (P page : pages) {
                ChunkTools tools = new ChunkTools(connection, tally.allowance(), causes);
                ChunkWork.Outcome outcome = work.write(tools, page);
                rejects.write(connection, outcome.rejects());
                ledger.append(connection, outcome.entry());
                // A constraint that fails only at COMMIT would leave Spring Batch in the state UNKNOWN.
                try (Statement constraints = connection.createStatement()) {
                    constraints.execute("SET CONSTRAINTS ALL IMMEDIATE");
                }
                afterCommit(outcome);
            }
        } catch (SQLException failure) {
            throw interruptedOr(failure);
        }
    }

    private void afterCommit(ChunkWork.Outcome outcome) {
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                work.committed(outcome);
                tally.committed(outcome.entry().counts());
            }
        });
    }

    /** A statement that we cancelled ourselves is no failure. */
    private Exception interruptedOr(SQLException failure) {
        return stop.cancelled(failure)
                ? new JobInterruptedException(stop.reason().orElse("stopped"))
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
                "%1$,d are written and stay. See: nightshift rejects %2$d. When the cause is mended: nightshift rejects %2$d --replay, then: nightshift resume %2$d"
                        .formatted(counts.written(), assignment.run()));
    }
}
