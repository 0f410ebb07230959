package io.nightshift.run.work;

import io.nightshift.chunk.Assignment;
import io.nightshift.chunk.Environment;
import io.nightshift.chunk.Progress;
import io.nightshift.chunk.StopSignal;
import io.nightshift.content.Home;
import io.nightshift.database.Database;
import io.nightshift.step.StepContext;
import org.springframework.batch.core.repository.support.ResourcelessJobRepository;
import org.springframework.jdbc.support.JdbcTransactionManager;

/**
 * What steps are given where no attempt is at work: to plan or rehearse them, to prove what they did, to try their
 * rejects again. Spring Batch writes nothing down, and no other job is started.
 */
public record WithoutAttempt(
        Home home, Database database, Catalog catalog, Work work, StopSignal stop, Progress progress) {

    /** Where nobody watches, and nobody can ask to stop. */
    public WithoutAttempt(Home home, Database database, Catalog catalog, Work work) {
        this(home, database, catalog, work, new StopSignal(), Progress.SILENT);
    }

    /** @param assignment says which step of which run */
    public StepContext context(Assignment assignment, StepContext.Frozen frozen) {
        Environment environment = new Environment(
                database.dataSource(),
                new JdbcTransactionManager(database.dataSource()),
                new ResourcelessJobRepository(),
                assignment,
                stop,
                progress);
        return new StepContext(
                environment,
                home,
                catalog.statements(),
                work.sqlValues(assignment.run(), frozen.now(), frozen.asOf()),
                frozen,
                (name, job, parameters) -> {
                    throw new IllegalStateException(
                            "A job is started where no attempt is at work. This is a bug in Nightshift.");
                },
                work.listed());
    }
}
