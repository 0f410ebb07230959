package io.nightshift.schedule;

import io.nightshift.content.Settings;
import io.nightshift.database.Database;
import io.nightshift.job.StepDefinition;
import io.nightshift.job.file.JobFile;
import io.nightshift.job.file.JobFiles;
import io.nightshift.problem.Problem;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.dao.DataAccessException;

/** Answers when jobs run by themselves, and what became of the last times. Writes nothing. */
public final class Schedules {

    private Schedules() {}

    /** The next slots of every scheduled job, at most {@code count} of each, in the order of time. */
    public static List<NextFire> next(JobFiles jobs, Instant from, int count) {
        List<NextFire> fires = new ArrayList<>();
        FollowJobFiles.schedules(jobs).forEach((job, schedule) -> {
            Slots slots = CronSchedule.of(schedule.cron(), schedule.zone());
            Optional<Instant> slot = slots.next(from);
            for (int i = 0; i < count && slot.isPresent(); i++) {
                fires.add(new NextFire(job, schedule.cron(), schedule.zone(), slot.get()));
                slot = slots.next(slot.get());
            }
        });
        fires.sort(Comparator.comparing(NextFire::slot).thenComparing(NextFire::job));
        return fires;
    }

    /** The newest slot of every job that ever came, by job; none where our own tables are missing. */
    public static List<FireRow> last(Database database) {
        return read(database, Fires::last);
    }

    /** The newest slots that came, of all jobs, newest first; none where our own tables are missing. */
    public static List<FireRow> recent(Database database, int limit) {
        return read(database, fires -> fires.recent(limit));
    }

    /** The servers that are there now. */
    public static List<String> servers(Database database) {
        return read(database, Fires::nodes);
    }

    /**
     * Whether the scheduled jobs that may run at the same time want more connections than the pool has; then they wait
     * for each other, and fail when that takes too long.
     *
     * @param poolSize of the process that serves them
     */
    public static Optional<Problem> tightPool(JobFiles jobs, Settings settings, int poolSize) {
        int threads =
                settings.read("nightshift.schedule", ScheduleSettings.class).threads();
        List<Wish> wishes = jobs.names().stream()
                .flatMap(name -> jobs.find(name).stream())
                .filter(job -> job.schedule().isPresent())
                .map(job -> new Wish(job.name(), connections(job, jobs)))
                .sorted(Comparator.comparingInt(Wish::connections).reversed())
                .limit(threads)
                .toList();
        int wanted = wishes.stream().mapToInt(Wish::connections).sum();
        return wanted <= poolSize
                ? Optional.empty()
                : Optional.of(new Problem(
                        "nightshift.database.pool-size",
                        "%d connections are fewer than the %d that these scheduled jobs may want at the same time: %s."
                                .formatted(
                                        poolSize,
                                        wanted,
                                        wishes.stream()
                                                .map(wish -> wish.job() + " " + wish.connections())
                                                .collect(Collectors.joining(", "))),
                        "Raise it to %d, lower nightshift.schedule.threads (%d), or give the jobs fewer connections."
                                .formatted(wanted, threads)));
    }

    private record Wish(String job, int connections) {}

    /** Those of its widest step, or of the job that a step starts, and one for the books of runs. */
    private static int connections(JobFile job, JobFiles jobs) {
        return 1 + chunks(job, jobs);
    }

    private static int chunks(JobFile job, JobFiles jobs) {
        // Jobs never lead back to themselves: whoever read them has refused that.
        return job.sample().steps().stream()
                .mapToInt(step -> step instanceof StepDefinition.Job other
                        ? jobs.find(other.job()).map(file -> chunks(file, jobs)).orElse(1)
                        : step.connections())
                .max()
                .orElse(1);
    }

    private static <T> List<T> read(Database database, Function<Fires, List<T>> question) {
        if (!database.hasOwnTables()) {
            return List.of();
        }
        try {
            return question.apply(new Fires(database));
        } catch (DataAccessException failure) {
            throw problem(database, failure);
        }
    }

    /** What to tell a person when the database did not answer. */
    static RuntimeException problem(Database database, DataAccessException failure) {
        return failure.getMostSpecificCause() instanceof SQLException cause ? database.problem(cause) : failure;
    }
}
