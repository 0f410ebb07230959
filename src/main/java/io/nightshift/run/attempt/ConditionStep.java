package io.nightshift.run.attempt;

import io.nightshift.problem.ExitCode;
import io.nightshift.problem.Problem;
import io.nightshift.problem.ProblemException;
import io.nightshift.run.work.Conditions;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.AbstractStep;
import org.springframework.batch.core.step.StepExecution;

/**
 * Looks whether the conditions of a job hold, in a READ ONLY transaction. Spring Batch does not do a completed step again:
 * what held before the first chunk is not asked when a run is continued.
 */
final class ConditionStep extends AbstractStep {

    private final DataSource dataSource;
    private final Conditions conditions;
    private final Rule rule;

    /**
     * @param statements the selects
     * @param exit       how the run ends when one of them does not hold
     * @param fix        what to do then
     * @param timeout    of each statement, in milliseconds; 0 for none
     */
    record Rule(List<String> statements, ExitCode exit, String fix, long timeout) {}

    ConditionStep(String name, JobRepository repository, DataSource dataSource, Conditions conditions, Rule rule) {
        super(repository);
        setName(name);
        this.dataSource = dataSource;
        this.conditions = conditions;
        this.rule = rule;
    }

    @Override
    protected void doExecute(StepExecution stepExecution) throws Exception {
        List<Problem> broken;
        try (Connection connection = dataSource.getConnection()) {
            connection.setReadOnly(true);
            connection.setAutoCommit(false);
            try (Statement setting = connection.createStatement()) {
                setting.execute("SET LOCAL statement_timeout = " + rule.timeout());
                broken = conditions.broken(connection, rule.statements(), rule.fix());
            } finally {
                connection.rollback();
                connection.setAutoCommit(true);
                connection.setReadOnly(false);
            }
        }
        if (!broken.isEmpty()) {
            throw new ProblemException(rule.exit(), broken, null);
        }
    }
}
