package io.nightshift.chunk;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.JobInterruptedException;
import org.springframework.batch.core.step.AbstractStep;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.core.step.builder.StepBuilder;

/**
 * A step of a job: prepares its work, lets its connections do the chunks, each as a plain Spring Batch chunk step
 * without skip and retry, and looks whether something is left to do.
 *
 * <p>The workers are made anew for every attempt, so that the number of connections may change; where each of them
 * begins is read from the ledger.
 */
public final class ChunkStep<P> extends AbstractStep {

    private final Environment environment;
    private final StepWork<P> work;

    public ChunkStep(Environment environment, StepWork<P> work) {
        super(environment.repository());
        this.environment = environment;
        this.work = work;
        setName(environment.assignment().step());
    }

    @Override
    protected void doExecute(StepExecution stepExecution) throws Exception {
        StepTally tally = new StepOpening(environment).open(work);
        String ended = "FAILED";
        try {
            work.ready();
            int round = 0;
            do {
                round++;
                runWorkers(stepExecution, tally, round);
                if (tally.exceededAtTheEnd()) {
                    throw ChunkLoop.limitExceeded(environment.assignment(), tally);
                }
            } while (work.prepareNextPass());
            work.complete();
            ended = "COMPLETED";
        } catch (JobInterruptedException stopped) {
            ended = "STOPPED";
            throw stopped;
        } finally {
            new StepOpening(environment).close(ended);
        }
    }

    private void runWorkers(StepExecution manager, StepTally tally, int round) throws Exception {
        int connections = Math.max(1, work.connections());
        List<StepExecution> executions = new ArrayList<>();
        for (int number = 1; number <= connections; number++) {
            String name = "%s:%d.%d".formatted(cut(getName()), round, number);
            executions.add(getJobRepository().createStepExecution(name, manager.getJobExecution()));
        }
        ExecutorService threads = Executors.newFixedThreadPool(connections);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (StepExecution execution : executions) {
                running.add(threads.submit(() -> runWorker(execution, tally)));
            }
            for (Future<?> worker : running) {
                worker.get();
            }
        } catch (ExecutionException failure) {
            throw failure.getCause() instanceof Exception cause ? cause : failure;
        } finally {
            threads.shutdown();
        }
        throwIfAnyFailed(executions);
    }

    /** Spring Batch keeps 100 characters of a step's name. */
    private static String cut(String name) {
        return name.length() <= 80 ? name : name.substring(0, 80);
    }

    private Void runWorker(StepExecution execution, StepTally tally) throws Exception {
        try (ChunkWork<P> chunks = work.open()) {
            worker(execution.getStepName(), chunks, tally).execute(execution);
        } finally {
            if (execution.getStatus() != BatchStatus.COMPLETED) {
                tally.fail();
            }
        }
        return null;
    }

    private Step worker(String name, ChunkWork<P> chunks, StepTally tally) {
        ChunkLoop<P> loop =
                new ChunkLoop<>(environment.dataSource(), environment.assignment(), chunks, tally, environment.stop());
        return new StepBuilder(name, getJobRepository())
                .<P, P>chunk(1)
                .transactionManager(environment.transactions())
                .reader(loop)
                .writer(loop)
                .interruptionPolicy(execution -> interruptIfAsked(execution, tally))
                .build();
    }

    private void interruptIfAsked(StepExecution execution, StepTally tally) throws JobInterruptedException {
        Optional<String> reason = environment.stop().reason();
        if (tally.failed() || reason.isPresent() && !tally.exceeded()) {
            // Without this mark Spring Batch ends the loop and calls the step COMPLETED.
            execution.setTerminateOnly();
            throw new JobInterruptedException(reason.orElse("another connection of the step has failed"));
        }
    }

    private void throwIfAnyFailed(List<StepExecution> executions) throws Exception {
        for (StepExecution execution : executions) {
            if (execution.getStatus() != BatchStatus.COMPLETED && execution.getStatus() != BatchStatus.STOPPED) {
                throw execution.getFailureExceptions().stream()
                        .filter(Exception.class::isInstance)
                        .map(Exception.class::cast)
                        .findFirst()
                        .orElseGet(() -> new IllegalStateException("The step ended as " + execution.getStatus()));
            }
        }
        if (environment.stop().reason().isPresent()
                && executions.stream().anyMatch(execution -> execution.getStatus() == BatchStatus.STOPPED)) {
            throw new JobInterruptedException(environment.stop().reason().get());
        }
    }
}
