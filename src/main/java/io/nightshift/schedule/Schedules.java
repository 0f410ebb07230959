package io.nightshift.schedule;

import io.nightshift.database.Database;
import io.nightshift.job.JobFiles;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
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
