package io.nightshift.run.work;

import io.nightshift.database.Database;
import io.nightshift.job.StepDefinition;
import io.nightshift.problem.Problem;
import io.nightshift.problem.Problems;
import io.nightshift.sql.SqlValue;
import io.nightshift.sql.Statements;
import io.nightshift.step.AskPostgres;
import io.nightshift.step.StepKinds;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a statement stands that PostgreSQL does not understand. Its refusal comes from the middle of the work and names
 * no file, so the step's statements are read once more, as {@code check} does.
 */
public record RefusedStatement(
        Database database, StepKinds kinds, Statements statements, Map<String, SqlValue> values) {

    private static final Logger LOG = LoggerFactory.getLogger(RefusedStatement.class);

    /** The first of the step's problems; empty where PostgreSQL finds none, or is away. */
    public Optional<Problem> in(StepDefinition step) {
        Problems problems = new Problems();
        try (Connection connection = database.dataSource().getConnection()) {
            connection.setReadOnly(true);
            kinds.ask(step, new AskPostgres(connection, statements, values, problems, new ArrayList<>()));
        } catch (SQLException away) {
            LOG.debug("the place of what was refused in {} is not known", step.where(), away);
        }
        return problems.all().stream().findFirst();
    }
}
