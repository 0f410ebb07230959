package io.nightshift.step.job;

import io.nightshift.chunk.StepWork;
import io.nightshift.job.StepDefinition;
import io.nightshift.problem.Problems;
import io.nightshift.prove.Proof;
import io.nightshift.rehearse.Rehearsal;
import io.nightshift.step.Content;
import io.nightshift.step.StepContext;
import io.nightshift.step.StepKind;
import io.nightshift.step.StepPlan;
import java.sql.Connection;
import java.util.List;
import org.springframework.stereotype.Component;

/** Another job as a run of its own, tied to this one and continued with it. */
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
    public void rehearse(StepDefinition.Job step, StepContext context, Rehearsal rehearsal) {
        rehearsal.note("a job of its own is not rehearsed with this one; see: nightshift rehearse " + step.job());
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
    public void prove(StepDefinition.Job step, StepContext context, Connection connection, Proof proof) {
        proof.beganRun();
    }

    @Override
    public StepWork<?> work(StepDefinition.Job step, StepContext context) {
        return new ChildWork(step, context);
    }
}
