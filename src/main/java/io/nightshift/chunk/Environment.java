package io.nightshift.chunk;

import javax.sql.DataSource;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.transaction.PlatformTransactionManager;

/** What the chunks of one step run in. */
public record Environment(
        DataSource dataSource,
        PlatformTransactionManager transactions,
        JobRepository repository,
        Assignment assignment,
        StopSignal stop,
        Pause pause,
        Progress progress) {

    /** One in which nobody waits. */
    public Environment(
            DataSource dataSource,
            PlatformTransactionManager transactions,
            JobRepository repository,
            Assignment assignment,
            StopSignal stop,
            Progress progress) {
        this(dataSource, transactions, repository, assignment, stop, Pause.NONE, progress);
    }

    /** The same run, at another step. */
    public Environment at(String step) {
        return new Environment(dataSource, transactions, repository, assignment.at(step), stop, pause, progress);
    }
}
