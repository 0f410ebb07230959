package io.nightshift.step.delete;

import io.nightshift.job.StepDefinition;
import io.nightshift.keyed.KeyedKind;
import io.nightshift.sql.KeysQuery;
import io.nightshift.sql.Statement;
import java.util.Set;
import org.springframework.stereotype.Component;

/** Deletes rows page by page; a page is locked FOR UPDATE where the step says {@code lock: true}. */
@Component
final class DeleteKind extends KeyedKind<StepDefinition.Delete> {

    DeleteKind() {
        super(StepDefinition.Delete.class, Set.of(Statement.Kind.DELETE), KeysQuery.Lock.UPDATE, 0);
    }
}
