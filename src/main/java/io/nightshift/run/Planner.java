package io.nightshift.run;

import io.nightshift.chunk.Assignment;
import io.nightshift.chunk.Environment;
import io.nightshift.chunk.Progress;
import io.nightshift.chunk.SqlState;
import io.nightshift.chunk.StopSignal;
import io.nightshift.content.Home;
import io.nightshift.database.Database;
import io.nightshift.job.JobDefinition;
import io.nightshift.job.JobFile;
import io.nightshift.job.ParameterValues;
import io.nightshift.job.StepDefinition;
import io.nightshift.problem.ExitCode;
import io.nightshift.problem.Problem;
import io.nightshift.problem.ProblemException;
import io.nightshift.problem.Problems;
import io.nightshift.step.ListedKeys;
import io.nightshift.step.StepContext;
import io.nightshift.step.StepKinds;
import io.nightshift.step.StepPlan;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.springframework.batch.core.repository.support.ResourcelessJobRepository;
import org.springframework.jdbc.support.JdbcTransactionManager;

/** Says what a job would do, in one READ ONLY transaction. Creates nothing and needs no table of ours. */
public final class Planner {

    private final Home home;
    private final Database database;
    private final StepKinds kinds = Kinds.all();

    public Planner(Home home, Database database) {
        this.home = home;
        this.database = database;
    }

    /**
     * What a job would do.
     *
     * @param parameters the values it would run with, by name
     * @param broken     the conditions before it that do not hold now: it would be refused
     * @param forecasts  how long the steps will take, by their names; none where there is no ground
     */
    public record JobPlan(
            String job,
            ParameterValues parameters,
            List<StepPlan> steps,
            List<Problem> broken,
            Map<String, Forecast> forecasts) {

        /** How long it will take in all; none where a step has none. */
        public Optional<Forecast> whole() {
            return steps.stream()
                    .map(step -> Optional.ofNullable(forecasts.get(step.name())))
                    .reduce((sum, next) -> sum.flatMap(before -> next.map(before::plus)))
                    .orElse(Optional.empty());
        }
    }

    /** @throws ProblemException with everything that is wrong with the job or its parameters */
    public JobPlan plan(StartRequest request) {
        Problems problems = new Problems();
        Catalog catalog = Catalog.of(home, kinds, problems);
        JobFile file = catalog.job(request.job());
        catalog.throwIfAny(request.job(), problems);
        problems = new Problems();
        ParameterValues values = file.values(request.arguments(), request.directory(), problems);
        problems.throwIfAny(ExitCode.USAGE);
        JobDefinition job = file.define(values, problems);
        problems.throwIfAny(ExitCode.USAGE);
        catalog.check(job, problems);
        kinds.checkInput(job.steps(), home, problems);
        problems.throwIfAny(ExitCode.USAGE);
        Optional<ListedKeys> listed = request.listed();
        Work.refuseListUnlessKeyed(job, listed);
        Work work = new Work(file, job, values, "", listed);
        try (Connection connection = database.dataSource().getConnection()) {
            connection.setReadOnly(true);
            connection.setAutoCommit(false);
            try {
                Set<String> refused = new HashSet<>();
                List<StepPlan> steps = steps(work, catalog, request, connection, refused);
                return new JobPlan(
                        job.name(),
                        values,
                        steps,
                        broken(work, catalog, request, connection),
                        forecasts(job.name(), steps, refused, connection));
            } finally {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        } catch (SQLException failure) {
            throw database.problem(failure);
        }
    }

    private List<StepPlan> steps(
            Work work, Catalog catalog, StartRequest request, Connection connection, Set<String> refused)
            throws SQLException {
        List<StepPlan> plans = new ArrayList<>();
        Instant now = Instant.now();
        for (StepDefinition step : work.definition().steps()) {
            StepContext context = new StepContext(
                    environment(work, step),
                    home,
                    catalog.statements(),
                    work.sqlValues(0, now, request.slot().orElse(now)),
                    new StepContext.Frozen(now, request.slot().orElse(now)),
                    (name, job, parameters) -> {
                        throw new IllegalStateException("A plan starts no job. This is a bug in Nightshift.");
                    },
                    work.listed());
            plans.add(plan(step, context, connection, refused));
        }
        return plans;
    }

    private static List<Problem> broken(Work work, Catalog catalog, StartRequest request, Connection connection)
            throws SQLException {
        Instant now = Instant.now();
        return new Conditions(
                        catalog.statements(),
                        work.sqlValues(0, now, request.slot().orElse(now)))
                .broken(connection, work.definition().options().conditions().before(), "A run would be refused.");
    }

    /**
     * A role that may only read the user's tables learns nothing of earlier runs. A step that PostgreSQL refuses will not
     * take as long as it did when it was in order.
     */
    private Map<String, Forecast> forecasts(
            String job, List<StepPlan> steps, Set<String> refused, Connection connection) throws SQLException {
        Map<String, Forecast> forecasts = new LinkedHashMap<>();
        if (!database.hasOwnTables()) {
            return forecasts;
        }
        Savepoint savepoint = connection.setSavepoint();
        try {
            EarlierRuns earlier = new EarlierRuns(connection, database.schema());
            for (StepPlan step : steps) {
                Optional<Forecast> forecast = step.rows() < 0
                        ? earlier.forStep(job, step.name())
                        : earlier.forRows(job, step.name(), step.rows(), step.estimate());
                forecast.filter(known -> !refused.contains(step.name()))
                        .ifPresent(known -> forecasts.put(step.name(), known));
            }
        } catch (SQLException notAllowed) {
            connection.rollback(savepoint);
        }
        return forecasts;
    }

    /** A step that cannot be explained does not keep the others from being. */
    private StepPlan plan(StepDefinition step, StepContext context, Connection connection, Set<String> refused)
            throws SQLException {
        Savepoint savepoint = connection.setSavepoint();
        try {
            return kinds.plan(step, context, connection);
        } catch (SQLException failure) {
            connection.rollback(savepoint);
            Optional<Problem> place = Optional.empty();
            if (Failures.misunderstood(List.of(failure))) {
                refused.add(step.name());
                place = new RefusedStatement(database, kinds, context.statements(), context.parameters()).in(step);
            }
            String note = "not explained: "
                    + place.map(problem -> problem.where() + ": " + problem.what())
                            .orElseGet(() -> SqlState.words(failure));
            return new StepPlan(step.name(), kinds.word(step), -1, false, 0, List.of(), List.of(note));
        }
    }

    private Environment environment(Work work, StepDefinition step) {
        JobDefinition.Options options = work.definition().options();
        Assignment assignment = new Assignment(
                database.schema(),
                work.definition().name(),
                0,
                0,
                0,
                step.name(),
                new Assignment.Bounds(options.lockTimeout(), options.statementTimeout(), options.targetDuration()));
        return new Environment(
                database.dataSource(),
                new JdbcTransactionManager(database.dataSource()),
                new ResourcelessJobRepository(),
                assignment,
                new StopSignal(),
                Progress.SILENT);
    }
}
