package io.nightshift.run.attempt;

import io.nightshift.chunk.Assignment;
import io.nightshift.chunk.Environment;
import io.nightshift.chunk.Progress;
import io.nightshift.chunk.StopSignal;
import io.nightshift.health.HealthWatch;
import io.nightshift.job.JobDefinition;
import io.nightshift.job.StepDefinition;
import io.nightshift.problem.ExitCode;
import io.nightshift.problem.Problem;
import io.nightshift.run.books.Results;
import io.nightshift.run.books.RunResult;
import io.nightshift.run.books.RunRow;
import io.nightshift.run.claim.AttemptStart;
import io.nightshift.run.claim.Executions;
import io.nightshift.run.work.Conditions;
import io.nightshift.run.work.RefusedStatement;
import io.nightshift.run.work.Work;
import io.nightshift.sql.Statements;
import io.nightshift.step.ChildRuns;
import io.nightshift.step.StepContext;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.JobInstance;
import org.springframework.batch.core.job.JobInterruptedException;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.job.parameters.JobParametersBuilder;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** One attempt at a run: a Spring Batch execution of the job's steps, and what came of it. */
final class AttemptRun {

    private static final Logger LOG = LoggerFactory.getLogger(AttemptRun.class);

    private final Workplace workplace;
    private final RunRow run;
    private final Work work;
    private final Statements statements;
    private final StopSignal stop;

    AttemptRun(Workplace workplace, RunRow run, Work work, Statements statements, StopSignal stop) {
        this.workplace = workplace;
        this.run = run;
        this.work = work;
        this.statements = statements;
        this.stop = stop;
    }

    /**
     * @param result  how the run stands
     * @param passing the failure, when it is one that may pass by itself
     * @param step    that failed; empty when none did
     */
    record Ended(RunResult result, Optional<SQLException> passing, String step) {}

    Ended run(AttemptStart.Attempt attempt, ChildRuns children, Progress progress) {
        HealthWatch.Subject subject = Watching.subject(workplace, run, work, statements);
        try (Watching watching = new Watching(workplace.health(), subject, stop, progress)) {
            return run(attempt, children, watching);
        }
    }

    private Ended run(AttemptStart.Attempt attempt, ChildRuns children, Watching watching) {
        Batch batch = Batch.on(workplace.database());
        List<Step> steps = new ArrayList<>();
        for (StepDefinition step : work.definition().steps()) {
            steps.add(workplace.kinds().step(step, context(step, batch, attempt, children, watching)));
        }
        StepSequence job = new StepSequence(
                run.job(),
                batch.repository(),
                new StepSequence.Order(before(batch), steps, after(batch)),
                work.definition().options().keepGoing());
        JobExecution execution = begin(batch, attempt);
        try {
            job.execute(execution);
        } catch (JobInterruptedException stopped) {
            execution.setStatus(BatchStatus.STOPPED);
        } finally {
            settle(attempt);
        }
        return end(execution, attempt);
    }

    private List<Step> before(Batch batch) {
        String fix = "Nothing was changed. When it holds, start the job: nightshift run " + run.job();
        return conditions(batch, "nightshift: before", conditions().before(), ExitCode.REFUSED, fix);
    }

    private List<Step> after(Batch batch) {
        String fix = "What was committed stays. When it is mended, look again: nightshift resume " + run.run();
        return conditions(batch, "nightshift: after", conditions().after(), ExitCode.FAILED, fix);
    }

    private JobDefinition.Conditions conditions() {
        return work.definition().options().conditions();
    }

    private List<Step> conditions(Batch batch, String name, List<String> ids, ExitCode exit, String fix) {
        if (ids.isEmpty()) {
            return List.of();
        }
        Conditions conditions = new Conditions(statements, work.sqlValues(run.run(), run.now(), run.asOf()));
        long timeout = work.definition().options().statementTimeout().toMillis();
        return List.of(new ConditionStep(
                name,
                batch.repository(),
                workplace.database().dataSource(),
                conditions,
                new ConditionStep.Rule(ids, exit, fix, timeout)));
    }

    private void settle(AttemptStart.Attempt attempt) {
        try (Connection connection = workplace.database().dataSource().getConnection()) {
            new Executions(workplace.database().schema()).settle(connection, run.run(), attempt.number());
        } catch (SQLException away) {
            LOG.debug("the next attempt at run {} will do it", run.run(), away);
        }
    }

    private StepContext context(
            StepDefinition step, Batch batch, AttemptStart.Attempt attempt, ChildRuns children, Watching watching) {
        Assignment assignment = work.assignment(
                workplace.database().schema(), step.name(), run.run(), attempt.number(), attempt.token());
        Environment environment = new Environment(
                workplace.database().dataSource(),
                batch.transactions(),
                batch.repository(),
                assignment,
                stop,
                watching.pause(step),
                watching.progress());
        return new StepContext(
                environment,
                workplace.home(),
                statements,
                work.sqlValues(run.run(), run.now(), run.asOf()),
                new StepContext.Frozen(run.now(), run.asOf()),
                children,
                work.listed());
    }

    /** The execution and our note of it are written together, so that no execution is left that nobody knows. */
    private JobExecution begin(Batch batch, AttemptStart.Attempt attempt) {
        JobParameters parameters =
                new JobParametersBuilder().addLong("run", run.run()).toJobParameters();
        JobExecution begun = new TransactionTemplate(batch.transactions()).execute(transaction -> {
            JobInstance instance = batch.repository().getJobInstance(run.job(), parameters);
            if (instance == null) {
                instance = batch.repository().createJobInstance(run.job(), parameters);
            }
            JobExecution execution =
                    batch.repository().createJobExecution(instance, parameters, new ExecutionContext());
            JdbcClient.create(workplace.database().dataSource())
                    .sql("UPDATE " + workplace.database().schema()
                            + ".attempt SET job_execution_id = ? WHERE run = ? AND attempt = ?")
                    .params(execution.getId(), run.run(), attempt.number())
                    .update();
            return execution;
        });
        return java.util.Objects.requireNonNull(begun);
    }

    /** A step may have ended early without anybody's asking: a child run whose own time was over. */
    private static String interruption(JobExecution execution) {
        return execution.getStepExecutions().stream()
                .flatMap(step -> step.getFailureExceptions().stream())
                .filter(JobInterruptedException.class::isInstance)
                .map(Throwable::getMessage)
                .findFirst()
                .orElse("asked to");
    }

    /** Every step's own, in their order; with keep-going several may have failed. */
    private List<Problem> problems(JobExecution execution) {
        Failures failures = new Failures(run.run(), run.job());
        List<Problem> all = new ArrayList<>();
        for (StepDefinition step : work.definition().steps()) {
            List<Throwable> own = execution.getStepExecutions().stream()
                    .filter(done -> done.getStepName().equals(step.name()) && done.getStatus() != BatchStatus.STOPPED)
                    .flatMap(done -> done.getFailureExceptions().stream())
                    .toList();
            if (!own.isEmpty()) {
                List<Problem> known = failures.in(step).of(own);
                all.addAll(Failures.misunderstood(own) ? placed(step, known) : known);
            }
        }
        return all.isEmpty()
                ? failures.of(execution.getAllFailureExceptions())
                : all.stream().distinct().toList();
    }

    private List<Problem> placed(StepDefinition step, List<Problem> known) {
        RefusedStatement refused = new RefusedStatement(
                workplace.database(), workplace.kinds(), statements, work.sqlValues(run.run(), run.now(), run.asOf()));
        return refused.in(step)
                .map(place -> known.stream()
                        .map(problem -> new Problem(place.where(), place.what(), problem.fix()))
                        .toList())
                .orElse(known);
    }

    private Ended end(JobExecution execution, AttemptStart.Attempt attempt) {
        String where = "Run %d of %s".formatted(run.run(), run.job());
        List<Problem> problems = List.of();
        ExitCode exit = ExitCode.DONE;
        String status = "COMPLETED";
        if (execution.getStatus() == BatchStatus.STOPPED && !stop.lost()) {
            status = "STOPPED";
            exit = ExitCode.STOPPED;
            problems = List.of(new Problem(
                    where,
                    "stopped before the end: " + stop.reason().orElseGet(() -> interruption(execution)),
                    "What was committed stays. Go on with: nightshift resume " + run.run()));
        } else if (execution.getStatus() != BatchStatus.COMPLETED) {
            status = "FAILED";
            exit = Failures.exit(execution.getAllFailureExceptions());
            problems = stop.lost()
                    ? List.of(
                            new Problem(where, stop.reason().orElse(""), "Go on with: nightshift resume " + run.run()))
                    : problems(execution);
        }
        String reason = problems.stream().findFirst().map(Problem::what).orElse(null);
        workplace.runs().endAttempt(run.run(), attempt.number(), status, reason);
        return new Ended(
                new Results(workplace.database()).of(run, status, exit, problems),
                exit == ExitCode.FAILED && !stop.lost()
                        ? Failures.passing(execution.getAllFailureExceptions())
                        : Optional.empty(),
                work.definition().steps().stream()
                        .map(StepDefinition::name)
                        .filter(name -> execution.getStepExecutions().stream()
                                .anyMatch(step ->
                                        step.getStepName().equals(name) && step.getStatus() == BatchStatus.FAILED))
                        .findFirst()
                        .orElse(""));
    }
}
