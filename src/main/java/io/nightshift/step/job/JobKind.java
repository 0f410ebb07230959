package io.nightshift.step.job;

import io.nightshift.chunk.ChunkWork;
import io.nightshift.chunk.Counts;
import io.nightshift.chunk.StepWork;
import io.nightshift.job.StepDefinition;
import io.nightshift.problem.Problems;
import io.nightshift.step.Content;
import io.nightshift.step.NamedWork;
import io.nightshift.step.StepContext;
import io.nightshift.step.StepKind;
import io.nightshift.step.StepPlan;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.springframework.stereotype.Component;

/**
 * Another job as a run of its own. It runs before the step's only chunk begins, so that no transaction of ours stays
 * open meanwhile; the chunk writes down that it is done.
 */
@Component
final class JobKind implements StepKind<StepDefinition.Job> {

    @Override
    public Class<StepDefinition.Job> definition() {
        return StepDefinition.Job.class;
    }

    @Override
    public String word() {
        return "job";
    }

    @Override
    public void check(StepDefinition.Job step, Content content, Problems problems) {
        // That the job exists, takes these parameters and closes no circle lies between job files and is checked there.
    }

    @Override
    public boolean makesInput() {
        return true;
    }

    @Override
    public StepPlan plan(StepDefinition.Job step, StepContext context, Connection connection) {
        return new StepPlan(
                step.name(),
                word(),
                -1,
                false,
                0,
                List.of(),
                List.of("a run of its own; see: nightshift plan " + step.job()));
    }

    @Override
    public StepWork<?> work(StepDefinition.Job step, StepContext context) {
        NamedWork done = new NamedWork(word(), List.of(step.job()), (connection, name) -> Counts.ZERO, context);
        return new Child<>(done, step, context);
    }

    private record Child<P>(StepWork<P> done, StepDefinition.Job step, StepContext context) implements StepWork<P> {

        @Override
        public String kind() {
            return done.kind();
        }

        @Override
        public Total prepare(Connection connection, boolean first) throws SQLException, IOException {
            return done.prepare(connection, first);
        }

        @Override
        public void ready() throws Exception {
            context.children().run(step.name(), step.job(), step.parameters());
        }

        @Override
        public ChunkWork<P> open() throws SQLException, IOException {
            return done.open();
        }
    }
}
