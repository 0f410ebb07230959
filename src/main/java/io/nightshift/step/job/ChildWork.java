package io.nightshift.step.job;

import io.nightshift.chunk.ChunkSize;
import io.nightshift.chunk.ChunkWork;
import io.nightshift.chunk.Counts;
import io.nightshift.chunk.StepWork;
import io.nightshift.job.RejectLimit;
import io.nightshift.job.StepDefinition;
import io.nightshift.step.NamedChunks;
import io.nightshift.step.NamedWork;
import io.nightshift.step.StepContext;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.springframework.batch.core.job.JobInterruptedException;

/**
 * Runs the other job before the step's only chunk begins, so that no transaction of ours stays open meanwhile; the
 * chunk then writes down that it is done, with the other run's sums as its own.
 */
final class ChildWork implements StepWork<NamedChunks.Named> {

    private final StepDefinition.Job step;
    private final StepContext context;
    private final NamedWork done;
    private volatile Counts counts = Counts.ZERO;

    ChildWork(StepDefinition.Job step, StepContext context) {
        this.step = step;
        this.context = context;
        this.done = new NamedWork("job", List.of(step.job()), (connection, name) -> counts, context);
    }

    @Override
    public String kind() {
        return done.kind();
    }

    /** The other run has its own limits, and is over. */
    @Override
    public RejectLimit rejectLimit() {
        return RejectLimit.ofCount(Long.MAX_VALUE);
    }

    @Override
    public Total prepare(Connection connection, boolean first) throws SQLException {
        return done.prepare(connection, first);
    }

    @Override
    public void ready() throws JobInterruptedException {
        counts = context.children().run(step.name(), step.job(), step.parameters());
    }

    @Override
    public ChunkWork<NamedChunks.Named> open(ChunkSize size) {
        return done.open(size);
    }
}
