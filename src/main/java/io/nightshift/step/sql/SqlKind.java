package io.nightshift.step.sql;

import io.nightshift.chunk.Counts;
import io.nightshift.chunk.StepWork;
import io.nightshift.job.StepDefinition;
import io.nightshift.problem.Problems;
import io.nightshift.prove.Proof;
import io.nightshift.rehearse.Rehearsal;
import io.nightshift.sql.BoundSql;
import io.nightshift.sql.Statement;
import io.nightshift.step.Content;
import io.nightshift.step.NamedWork;
import io.nightshift.step.StepContext;
import io.nightshift.step.StepKind;
import io.nightshift.step.StepPlan;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import org.springframework.stereotype.Component;

/** One statement in one chunk, for what has no keys to page through: ANALYZE, a refresh, a function. */
@Component
final class SqlKind implements StepKind<StepDefinition.Sql> {

    /** PostgreSQL refuses these inside a transaction, and a chunk is one. */
    private static final Set<String> NOT_IN_A_TRANSACTION =
            Set.of("vacuum", "concurrently", "begin", "commit", "rollback", "savepoint");

    @Override
    public Class<StepDefinition.Sql> definition() {
        return StepDefinition.Sql.class;
    }

    @Override
    public String word() {
        return "sql";
    }

    @Override
    public void check(StepDefinition.Sql step, Content content, Problems problems) {
        Content.Place place = new Content.Place(step.where(), problems);
        content.statement(place, "statement", step.statement(), Set.of()).ifPresent(found -> check(found, problems));
    }

    private static void check(Statement statement, Problems problems) {
        NOT_IN_A_TRANSACTION.stream()
                .filter(statement::mentionsWord)
                .sorted()
                .forEach(word -> problems.add(
                        statement.where(),
                        "says " + word.toUpperCase(java.util.Locale.ROOT)
                                + ", which cannot run inside the transaction of a chunk",
                        "Run it with psql, or leave it to autovacuum."));
    }

    @Override
    public void rehearse(StepDefinition.Sql step, StepContext context, Rehearsal rehearsal)
            throws SQLException, IOException {
        BoundSql bound = context.statement(step.statement()).bind(context.parameters());
        rehearsal.chunk("the statement", connection -> {
            bound.execute(connection);
            return 1;
        });
    }

    @Override
    public StepPlan plan(StepDefinition.Sql step, StepContext context, Connection connection) {
        return new StepPlan(
                step.name(),
                word(),
                -1,
                false,
                0,
                List.of(),
                List.of("one statement in one transaction: " + step.statement()));
    }

    @Override
    public void prove(StepDefinition.Sql step, StepContext context, Connection connection, Proof proof) {
        proof.unseen("what " + step.statement() + " did to the data: it has no keys to ask for again");
    }

    @Override
    public StepWork<?> work(StepDefinition.Sql step, StepContext context) {
        BoundSql bound = context.statement(step.statement()).bind(context.parameters());
        return new NamedWork(
                word(), List.of(step.statement()), (connection, name) -> execute(connection, bound), context);
    }

    private static Counts execute(Connection connection, BoundSql bound) throws SQLException {
        long rows = bound.execute(connection);
        return new Counts(rows, rows, 0, 0);
    }
}
