package io.nightshift.run.plan;

import io.nightshift.content.ContentFile;
import io.nightshift.database.Database;
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
import java.time.Instant;
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
            EarlierRuns earlier = new EarlierRuns(connection, database.schema());
            Optional<Forecast> now = left(connection, earlier, run, step);
            if (now.isEmpty()) {
                return new Expected(now, now, why(connection, run));
            }
            Forecast whole = now.get();
            for (String later : later(run, step)) {
                Optional<Forecast> next = earlier.forStep(run.job(), later);
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

    private Optional<Forecast> left(Connection connection, EarlierRuns earlier, History.Run run, RunDetails.Step step)
            throws SQLException {
        Duration passed = Duration.between(step.startedAt(), Instant.now());
        if (step.total().isEmpty()) {
            return earlier.forStep(run.job(), step.step()).map(forecast -> forecast.less(passed));
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
        return seen.isPresent() && before.isPresent() && young
                ? Optional.of(seen.get().or(before.get()))
                : seen.or(() -> before);
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

    /** The steps of the run, as they are frozen into it, that have not begun. */
    private List<String> later(History.Run run, RunDetails.Step step) {
        Set<String> begun = new RunDetails(database, run.run())
                .steps().stream().map(RunDetails.Step::step).collect(Collectors.toSet());
        List<ContentFile> files = new FrozenContent(database)
                .of(run.run()).stream()
                        .filter(text -> text.getKey().matches(".*\\.ya?ml"))
                        .map(text -> new ContentFile(text.getKey(), text.getValue()))
                        .toList();
        Optional<JobFile> job = JobFiles.read(files, new Problems()).find(run.job());
        return job
                .map(file -> file.define(Work.values(run.parameters()), new Problems())
                        .steps())
                .stream()
                .flatMap(List::stream)
                .map(StepDefinition::name)
                .filter(name -> !begun.contains(name) && !name.equals(step.step()))
                .toList();
    }
}
