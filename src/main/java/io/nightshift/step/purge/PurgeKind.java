package io.nightshift.step.purge;

import io.nightshift.job.StepDefinition;
import io.nightshift.keyed.KeyedKind;
import io.nightshift.sql.KeysQuery;
import io.nightshift.sql.Statement;
import io.nightshift.step.AskPostgres;
import java.util.List;
import java.util.Set;
import org.springframework.stereotype.Component;

/** Deletes rows with their children; every statement gets the keys of the locked page and no others. */
@Component
final class PurgeKind extends KeyedKind<StepDefinition.Purge> {

    PurgeKind() {
        super(StepDefinition.Purge.class, Set.of(Statement.Kind.DELETE), KeysQuery.Lock.UPDATE, 0);
    }

    /** The rows of the last statement are held against the keys, so they have to be the table's own. */
    @Override
    protected void ask(StepDefinition.Purge step, KeysQuery query, AskPostgres postgres) {
        if (step.manyRowsPerKey()) {
            // A purge may take what hangs on the rows, and leave the rows.
            return;
        }
        String last = step.applies().get(step.applies().size() - 1);
        postgres.changes(last, query.keys(List.of()).values())
                .filter(table -> !postgres.tables().same(table, step.table()))
                .ifPresent(table -> postgres.problems()
                        .add(
                                step.where() + ".apply",
                                "the last statement, " + last + ", deletes from " + table + " and not from "
                                        + step.table(),
                                "Name the children first, and last the statement that deletes from " + step.table()
                                        + ". If its rows are to stay, write \"rows-per-key: many\"."));
    }
}
