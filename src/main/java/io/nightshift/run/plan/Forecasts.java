package io.nightshift.run.plan;

import io.nightshift.content.ContentFile;
import io.nightshift.database.Database;
import io.nightshift.health.Brake;
import io.nightshift.health.RunHealth;
import io.nightshift.job.StepDefinition;
import io.nightshift.job.file.JobFile;
import io.nightshift.job.file.JobFiles;
import io.nightshift.problem.Problems;
import io.nightshift.run.books.FrozenContent;
import io.nightshift.run.history.History;
import io.nightshift.run.history.RunDetails;
import io.nightshift.run.work.Work;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** When runs that are under way will be done. Only looks. */
public final class Forecasts {

    private static final int ENOUGH_CHUNKS = 3;

    /** A step that has done less than a tenth. */
    private static final int YOUNG = 10;

    private final Database database;

    public Forecasts(Database database) {
        this.database = database;
    }

    /**
     * What is expected of a run under way.
     *
     * @param step what is left of the step under way
     * @param run  what is left of the run as a whole
     * @param none why there is no forecast for the run; empty when there is one
     */
    public record Expected(Optional<Forecast> step, Optional<Forecast> run, String none) {}

    /** @param step the one that is under way */
    public Expected of(History.Run run, RunDetails.Step step) {
        try (Connection connection = database.dataSource().getConnection()) {
            RunHealth health = new RunHealth(database);
            if (health.known() && new Brake(database).standing().isPresent()) {
                return new Expected(Optional.empty(), Optional.empty(), "everything is held");
            }
            Optional<Long> tuned = health.known()
                    ? health.all()
                            .getOrDefault(run.run(), RunHealth.Standing.NOTHING)
                            .tuning()
                            .rate()
                    : Optional.empty();
            EarlierRuns earlier = new EarlierRuns(connection, database.schema());
            List<StepDefinition> steps = steps(run);
            Optional<Forecast> now = left(connection, earlier, run, step, rate(step.step(), steps, tuned));
            if (now.isEmpty()) {
                return new Expected(now, now, why(connection, run));
            }
            Forecast whole = now.get();
            for (String later : later(run, step, steps)) {
                Optional<Forecast> next = earlier.forStep(run.job(), later, rate(later, steps, tuned));
                if (next.isEmpty()) {
                    return new Expected(now, Optional.empty(), "no earlier run has completed the step " + later);
                }
                whole = whole.plus(next.get());
            }
            return new Expected(now, Optional.of(whole), "");
        } catch (SQLException failure) {
            throw database.problem(failure);
        }
    }

    private String why(Connection connection, History.Run run) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                """
                SELECT count(*), extract(epoch FROM clock_timestamp() - max(started_at + millis * interval '1 ms'))
                FROM %s.ledger
                WHERE run = ?"""
                        .formatted(database.schema()))) {
            select.setLong(1, run.run());
            try (ResultSet result = select.executeQuery()) {
                result.next();
                Duration idle = Duration.ofSeconds(result.getLong(2));
                return result.getLong(1) < ENOUGH_CHUNKS
                        ? "too little is done yet, and no earlier run is like it"
                        : "nothing was committed for %d min %d s".formatted(idle.toMinutes(), idle.toSecondsPart());
            }
        }
    }

    /** The most rows per second that a step may do: what was tuned goes before what the job says, and 0 is no limit. */
    private static Optional<Long> rate(String step, List<StepDefinition> steps, Optional<Long> tuned) {
        return tuned.or(() -> steps.stream()
                        .filter(each -> each.name().equals(step))
                        .flatMap(each -> each.rate().stream().boxed())
                        .findFirst())
                .filter(rate -> rate > 0);
    }

    private Optional<Forecast> left(
            Connection connection, EarlierRuns earlier, History.Run run, RunDetails.Step step, Optional<Long> rate)
            throws SQLException {
        if (step.total().isEmpty()) {
            Duration passed = Duration.ofMillis(Math.round(step.seconds() * 1000));
            return earlier.forStep(run.job(), step.step(), rate).map(forecast -> forecast.less(passed));
        }
        long rows = step.total().get() - step.rows().read();
        if (rows < 0) {
            // More than was expected when it began: how much more, nobody knows.
            return Optional.empty();
        }
        Speed speed = speed(connection, run, step);
        if (speed.stands()) {
            return Optional.empty();
        }
        Optional<Forecast> seen =
                speed.chunks() < ENOUGH_CHUNKS ? Optional.empty() : Optional.of(rest(step, rows, speed));
        Optional<Forecast> before = earlier.forRows(run.job(), step.step(), rows, step.totalEstimated());
        boolean young = step.rows().read() < step.total().get() / YOUNG;
        // The first chunks are slower or faster than the rest: until there are more, earlier runs have a say.
        Optional<Forecast> unbound = seen.isPresent() && before.isPresent() && young
                ? Optional.of(seen.get().or(before.get()))
                : seen.or(() -> before);
        return unbound.map(
                forecast -> rate.map(most -> forecast.atMost(most, rows)).orElse(forecast));
    }

    /**
     * Rows per second by the clock, so that waiting counts.
     *
     * @param chunks of this attempt
     * @param whole  of the attempt
     * @param latest of its latest minute, or half of it
     */
    private record Speed(long chunks, double whole, double latest) {

        /** Nothing was committed lately: it is held, or stuck, and until when nobody knows. */
        boolean stands() {
            return chunks >= ENOUGH_CHUNKS && latest <= 0;
        }
    }

    private static Forecast rest(RunDetails.Step step, long rows, Speed speed) {
        double slowest = Math.min(speed.whole(), speed.latest());
        double fastest = Math.max(speed.whole(), speed.latest());
        return Forecast.ofRest(
                rows,
                (double) rows / Math.max(1, step.total().orElse(rows)),
                step.totalEstimated(),
                slowest,
                fastest,
                "as fast as in this attempt: " + EarlierRuns.speeds(slowest, fastest));
    }

    private Speed speed(Connection connection, History.Run run, RunDetails.Step step) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                """
                SELECT a.chunks, a.read / greatest(a.seconds, 0.001), a.seconds,
                  (
                    SELECT coalesce(sum(l.read), 0)
                    FROM %1$s.ledger l
                    WHERE l.run = ?
                      AND l.step = ?
                      AND l.started_at + l.millis * interval '1 ms'
                        > clock_timestamp() - least(a.seconds / 2, 60) * interval '1 s'
                  ) / greatest(least(a.seconds / 2, 60), 0.001)
                FROM (
                  SELECT count(*) AS chunks, coalesce(sum(l.read), 0) AS read,
                    coalesce(extract(epoch FROM clock_timestamp() - min(l.started_at)), 0) AS seconds
                  FROM %1$s.ledger l
                  WHERE l.run = ?
                    AND l.step = ?
                    AND l.attempt = (SELECT max(t.attempt) FROM %1$s.attempt t WHERE t.run = l.run)
                ) a"""
                        .formatted(database.schema()))) {
            select.setLong(1, run.run());
            select.setString(2, step.step());
            select.setLong(3, run.run());
            select.setString(4, step.step());
            try (ResultSet result = select.executeQuery()) {
                result.next();
                return new Speed(result.getLong(1), result.getDouble(2), result.getDouble(4));
            }
        }
    }

    /** The steps of the run that have not begun. */
    private List<String> later(History.Run run, RunDetails.Step step, List<StepDefinition> steps) {
        Set<String> begun = new RunDetails(database, run.run())
                .steps().stream().map(RunDetails.Step::step).collect(Collectors.toSet());
        return steps.stream()
                .map(StepDefinition::name)
                .filter(name -> !begun.contains(name) && !name.equals(step.step()))
                .toList();
    }

    /** The steps of the run, as they are frozen into it. */
    private List<StepDefinition> steps(History.Run run) {
        List<ContentFile> files = new FrozenContent(database)
                .of(run.run()).stream()
                        .filter(text -> text.getKey().matches(".*\\.ya?ml"))
                        .map(text -> new ContentFile(text.getKey(), text.getValue()))
                        .toList();
        Optional<JobFile> job = JobFiles.read(files, new Problems()).find(run.job());
        return job.map(file -> file.define(Work.values(run.parameters()), new Problems())
                        .steps())
                .orElse(List.of());
    }
}
