package io.nightshift.step.purge;

import io.nightshift.job.StepDefinition;
import io.nightshift.sql.KeysQuery;
import io.nightshift.sql.Statement;
import io.nightshift.step.KeyedKind;
import java.util.Set;
import org.springframework.stereotype.Component;

/** Deletes rows with their children; every statement gets the keys of the locked page and no others. */
@Component
final class PurgeKind extends KeyedKind<StepDefinition.Purge> {

    PurgeKind() {
        super(StepDefinition.Purge.class, Set.of(Statement.Kind.DELETE), KeysQuery.Lock.UPDATE, 0);
    }
}
