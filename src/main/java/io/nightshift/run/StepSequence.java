package io.nightshift.run;

import java.util.Collection;
import java.util.List;
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

    StepSequence(String name, JobRepository repository, List<Step> steps, boolean keepGoing) {
        super(name);
        this.steps = steps;
        this.keepGoing = keepGoing;
        setJobRepository(repository);
    }

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
        StepExecution worst = null;
        for (Step step : steps) {
            StepExecution done = handleStep(step, execution);
            if (worst == null || worst.getStatus() == BatchStatus.COMPLETED) {
                worst = done;
            }
            if (done.getStatus() != BatchStatus.COMPLETED && !keepGoing) {
                break;
            }
        }
        if (worst != null) {
            execution.upgradeStatus(worst.getStatus());
            execution.setExitStatus(worst.getExitStatus());
        }
    }
}
