package io.nightshift.step.backfill;

import io.nightshift.job.StepDefinition;
import io.nightshift.keyed.KeyedKind;
import io.nightshift.sql.KeysQuery;
import io.nightshift.sql.Statement;
import java.util.Set;
import org.springframework.stereotype.Component;

/** An update that ends by asking its keys again, and works off what appeared behind the position in further passes. */
@Component
final class BackfillKind extends KeyedKind<StepDefinition.Backfill> {

    BackfillKind() {
        super(
                StepDefinition.Backfill.class,
                Set.of(Statement.Kind.UPDATE, Statement.Kind.INSERT),
                KeysQuery.Lock.NO_KEY_UPDATE,
                3);
    }
}
