package io.nightshift.step.update;

import io.nightshift.job.StepDefinition;
import io.nightshift.keyed.KeyedKind;
import io.nightshift.sql.KeysQuery;
import io.nightshift.sql.Statement;
import java.util.Set;
import org.springframework.stereotype.Component;

/** Changes rows page by page; the range is frozen when the step begins. */
@Component
final class UpdateKind extends KeyedKind<StepDefinition.Update> {

    UpdateKind() {
        super(
                StepDefinition.Update.class,
                Set.of(Statement.Kind.UPDATE, Statement.Kind.INSERT),
                KeysQuery.Lock.NO_KEY_UPDATE,
                0);
    }
}
