package io.nightshift.run.plan;

import io.nightshift.chunk.SqlState;
import io.nightshift.content.Home;
import io.nightshift.database.Database;
import io.nightshift.job.ParameterValues;
import io.nightshift.job.StepDefinition;
import io.nightshift.problem.Problem;
import io.nightshift.problem.ProblemException;
import io.nightshift.run.work.Kinds;
import io.nightshift.run.work.RefusedStatement;
import io.nightshift.run.work.StartRequest;
import io.nightshift.step.StepContext;
import io.nightshift.step.StepKinds;
import io.nightshift.step.StepPlan;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

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
        Preview preview = Preview.of(request, home, database, kinds);
        try (Connection connection = database.dataSource().getConnection()) {
            connection.setReadOnly(true);
            connection.setAutoCommit(false);
            try {
                String job = preview.work().definition().name();
                Set<String> refused = new HashSet<>();
                List<StepPlan> steps = steps(preview, connection, refused);
                return new JobPlan(
                        job,
                        preview.work().values(),
                        steps,
                        preview.broken(connection, "A run would be refused."),
                        forecasts(preview, steps, refused, connection));
            } finally {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        } catch (SQLException failure) {
            throw database.problem(failure);
        }
    }

    private List<StepPlan> steps(Preview preview, Connection connection, Set<String> refused) throws SQLException {
        List<StepPlan> plans = new ArrayList<>();
        for (StepDefinition step : preview.work().definition().steps()) {
            plans.add(plan(step, preview.context(step), connection, refused));
        }
        return plans;
    }

    /**
     * A role that may only read the user's tables learns nothing of earlier runs. A step that PostgreSQL refuses will not
     * take as long as it did when it was in order.
     */
    private Map<String, Forecast> forecasts(
            Preview preview, List<StepPlan> steps, Set<String> refused, Connection connection) throws SQLException {
        String job = preview.work().definition().name();
        Map<String, Long> rates = new HashMap<>();
        preview.work().definition().steps().forEach(step -> step.rate()
                .ifPresent(rate -> rates.put(step.name(), rate)));
        Map<String, Forecast> forecasts = new LinkedHashMap<>();
        if (!database.hasOwnTables()) {
            return forecasts;
        }
        Savepoint savepoint = connection.setSavepoint();
        try {
            EarlierRuns earlier = new EarlierRuns(connection, database.schema());
            for (StepPlan step : steps) {
                Optional<Forecast> forecast = step.rows() < 0
                        ? earlier.forStep(job, step.name(), Optional.ofNullable(rates.get(step.name())))
                        : earlier.forRows(job, step.name(), step.rows(), step.estimate())
                                .map(known -> atRate(known, step, rates));
                forecast.filter(known -> !refused.contains(step.name()))
                        .ifPresent(known -> forecasts.put(step.name(), known));
            }
        } catch (SQLException notAllowed) {
            connection.rollback(savepoint);
        }
        return forecasts;
    }

    private static Forecast atRate(Forecast known, StepPlan step, Map<String, Long> rates) {
        return rates.containsKey(step.name()) ? known.atMost(rates.get(step.name()), step.rows()) : known;
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
            if (SqlState.misunderstood(failure)) {
                refused.add(step.name());
                place = new RefusedStatement(database, kinds, context.statements(), context.parameters()).in(step);
            }
            String note = "not explained: "
                    + place.map(problem -> problem.where() + ": " + problem.what())
                            .orElseGet(() -> SqlState.words(failure));
            return new StepPlan(step.name(), kinds.word(step), -1, false, 0, List.of(), List.of(note));
        }
    }
}
