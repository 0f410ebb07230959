package io.nightshift.step;

import io.nightshift.chunk.ChunkStep;
import io.nightshift.chunk.ReplayWork;
import io.nightshift.content.Home;
import io.nightshift.job.StepDefinition;
import io.nightshift.problem.Problems;
import io.nightshift.prove.Proof;
import io.nightshift.rehearse.Rehearsal;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.batch.core.step.Step;
import org.springframework.stereotype.Component;

/** Every kind of step, by the record of its YAML key. Whoever uses this never names a kind. */
@Component
public final class StepKinds {

    private final Map<Class<?>, StepKind<?>> kinds;

    StepKinds(List<StepKind<?>> kinds) {
        this.kinds = kinds.stream().collect(Collectors.toMap(StepKind::definition, Function.identity()));
    }

    /** The kind's word, for people. */
    public String word(StepDefinition definition) {
        return of(definition).word();
    }

    public void check(StepDefinition definition, Content content, Problems problems) {
        of(definition).check(definition, content, problems);
    }

    /** Lets PostgreSQL read what the step refers to. */
    public void ask(StepDefinition definition, AskPostgres postgres) {
        of(definition).ask(definition, postgres);
    }

    /** Looks at the files that steps read, as far as no earlier step may still make them. */
    public void checkInput(List<StepDefinition> steps, Home home, Problems problems) {
        for (StepDefinition step : steps) {
            if (of(step).makesInput()) {
                return;
            }
            of(step).checkInput(step, home, problems);
        }
    }

    public StepPlan plan(StepDefinition definition, StepContext context, Connection connection) throws SQLException {
        return of(definition).plan(definition, context, connection);
    }

    /** How the step's rejects are tried again; empty when it is of a kind that cannot do that. */
    public Optional<ReplayWork> replay(StepDefinition definition, StepContext context, StepKind.Replaying how) {
        return of(definition).replay(definition, context, how);
    }

    public void prove(StepDefinition definition, StepContext context, Connection connection, Proof proof)
            throws SQLException, IOException {
        of(definition).prove(definition, context, connection, proof);
    }

    public void rehearse(StepDefinition definition, StepContext context, Rehearsal rehearsal)
            throws SQLException, IOException {
        of(definition).rehearse(definition, context, rehearsal);
    }

    /** The Spring Batch step that does it. */
    public Step step(StepDefinition definition, StepContext context) {
        return new ChunkStep<>(context.environment(), of(definition).work(definition, context));
    }

    @SuppressWarnings("unchecked") // the map's key is the kind's own definition()
    private <D extends StepDefinition> StepKind<D> of(D definition) {
        StepKind<?> kind = kinds.get(definition.getClass());
        if (kind == null) {
            throw new IllegalStateException(
                    "No kind of step is there for " + definition.getClass() + ". This is a bug in Nightshift.");
        }
        return (StepKind<D>) kind;
    }
}
