package io.nightshift.chunk;

import java.io.IOException;
import java.sql.SQLException;
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
        environment.pause().beforeStep(() -> environment.stop().reason().isPresent());
        Optional<String> asked = environment.stop().reason();
        if (asked.isPresent()) {
            // Opening would freeze a range or hash files for nothing.
            throw new JobInterruptedException(asked.get());
        }
        StepTally tally = open();
        String ended = "FAILED";
        try {
            work.ready();
            ChunkSize size = new ChunkSize(
                    tally.chunk(), environment.assignment().bounds().chunk());
            int round = 0;
            do {
                round++;
                runWorkers(stepExecution, new Shared(tally, size), round);
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

    /** The questions of the opening may be long, and be cancelled like the statements of a chunk. */
    private StepTally open() throws SQLException, IOException, JobInterruptedException {
        try {
            return new StepOpening(environment).open(work);
        } catch (SQLException failure) {
            if (environment.stop().cancelled(failure)) {
                throw new JobInterruptedException(environment.stop().reason().orElse("stopped"));
            }
            throw failure;
        }
    }

    /** What the connections of a step have in common. */
    private record Shared(StepTally tally, ChunkSize size) {}

    private void runWorkers(StepExecution manager, Shared shared, int round) throws Exception {
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
                int number = running.size() + 1;
                running.add(threads.submit(() -> runWorker(execution, shared, number)));
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

    private Void runWorker(StepExecution execution, Shared shared, int number) throws Exception {
        try (ChunkWork<P> chunks = work.open(shared.size())) {
            worker(execution.getStepName(), chunks, shared, number).execute(execution);
        } finally {
            environment.pause().ended(number);
            if (execution.getStatus() != BatchStatus.COMPLETED && execution.getStatus() != BatchStatus.STOPPED) {
                shared.tally().fail();
            }
        }
        return null;
    }

    private Step worker(String name, ChunkWork<P> chunks, Shared shared, int number) {
        ChunkLoop<P> loop = new ChunkLoop<>(environment, chunks, shared.tally(), shared.size());
        return new StepBuilder(name, getJobRepository())
                .<ChunkLoop.Turn<P>, ChunkLoop.Turn<P>>chunk(1)
                .transactionManager(environment.transactions())
                .reader(loop)
                .writer(loop)
                .interruptionPolicy(execution -> {
                    loop.rest();
                    pause(shared, number);
                    interruptIfAsked(execution, shared.tally());
                })
                .build();
    }

    /** Here no transaction is open. */
    private void pause(Shared shared, int worker) {
        Pause pause = environment.pause();
        StepTally tally = shared.tally();
        pause.beforeChunk(
                worker,
                tally.counts().read(),
                () -> tally.failed()
                        || tally.exceeded()
                        || environment.stop().reason().isPresent());
        shared.size()
                .aimAt(pause.targetDuration(environment.assignment().bounds().chunk()));
    }

    private void interruptIfAsked(StepExecution execution, StepTally tally) throws JobInterruptedException {
        Optional<String> reason = tally.failed()
                ? Optional.of("another connection failed")
                : environment.stop().reason();
        if (reason.isPresent() && !tally.exceeded()) {
            // Without this mark Spring Batch ends the loop and calls the step COMPLETED.
            execution.setTerminateOnly();
            throw new JobInterruptedException(reason.get());
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
