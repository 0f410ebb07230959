package io.nightshift.run.attempt;

import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.AbstractJob;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.JobExecutionException;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.StepExecution;

/** The steps of a job, one after the other; behind a failed one it ends, or goes on where the job says so. */
final class StepSequence extends AbstractJob {

    private final List<Step> steps;
    private final boolean keepGoing;
    private final List<Step> before;
    private final List<Step> after;

    StepSequence(String name, JobRepository repository, Order order, boolean keepGoing) {
        super(name);
        this.steps = order.steps();
        this.before = order.before();
        this.after = order.after();
        this.keepGoing = keepGoing;
        setJobRepository(repository);
    }

    /**
     * @param before without which nothing begins, whatever the job says of going on
     * @param after  done when all steps are
     */
    record Order(List<Step> before, List<Step> steps, List<Step> after) {}

    @Override
    public Step getStep(String stepName) {
        return steps.stream()
                .filter(step -> step.getName().equals(stepName))
                .findFirst()
                .orElseThrow();
    }

    @Override
    public Collection<String> getStepNames() {
        return steps.stream().map(Step::getName).toList();
    }

    @Override
    protected void doExecute(JobExecution execution) throws JobExecutionException {
        StepExecution worst = all(before, false, null, execution);
        if (completed(worst)) {
            worst = all(steps, keepGoing, worst, execution);
        }
        if (completed(worst)) {
            worst = all(after, false, worst, execution);
        }
        if (worst != null) {
            execution.upgradeStatus(worst.getStatus());
            execution.setExitStatus(worst.getExitStatus());
        }
    }

    private static boolean completed(@Nullable StepExecution worst) {
        return worst == null || worst.getStatus() == BatchStatus.COMPLETED;
    }

    private @Nullable StepExecution all(
            List<Step> these, boolean goOn, @Nullable StepExecution before, JobExecution execution)
            throws JobExecutionException {
        StepExecution worst = before;
        for (Step step : these) {
            StepExecution done = handleStep(step, execution);
            if (completed(worst)) {
                worst = done;
            }
            if (done.getStatus() != BatchStatus.COMPLETED && !goOn) {
                break;
            }
        }
        return worst;
    }
}
