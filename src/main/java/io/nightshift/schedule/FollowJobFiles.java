package io.nightshift.schedule;

import io.nightshift.content.ContentFile;
import io.nightshift.content.Home;
import io.nightshift.job.JobDefinition.Schedule;
import io.nightshift.job.file.JobFile;
import io.nightshift.job.file.JobFiles;
import io.nightshift.problem.ExitCode;
import io.nightshift.problem.ProblemException;
import io.nightshift.problem.Problems;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Makes the timer keep the schedules that the job files say, now and whenever a file changes. */
final class FollowJobFiles {

    private final Home home;
    private final Node node;
    private final QuartzTimer timer;
    private final Fires fires;
    private final Consumer<String> log;
    private List<ContentFile> seen = List.of();

    FollowJobFiles(Home home, Node node, QuartzTimer timer, Fires fires, Consumer<String> log) {
        this.home = home;
        this.node = node;
        this.timer = timer;
        this.fires = fires;
        this.log = log;
    }

    /**
     * Reads the files if they have changed; what is kept already stays as it is.
     *
     * @throws ProblemException with everything that is wrong in them; the schedules stay as they were
     */
    void follow() {
        List<ContentFile> files = home.jobs();
        if (!files.equals(seen)) {
            keep(schedules(files));
            seen = files;
        }
        timer.jobs().forEach(this::rearm);
    }

    private Map<String, Schedule> schedules(List<ContentFile> files) {
        Problems problems = new Problems();
        home.refuseIfOthersCanWrite(problems);
        JobFiles jobs = JobFiles.read(files, problems);
        problems.throwIfAny(ExitCode.USAGE);
        return schedules(jobs);
    }

    static Map<String, Schedule> schedules(JobFiles jobs) {
        Map<String, Schedule> schedules = new TreeMap<>();
        for (String name : jobs.names()) {
            jobs.find(name).flatMap(JobFile::schedule).ifPresent(schedule -> schedules.put(name, schedule));
        }
        return schedules;
    }

    private void keep(Map<String, Schedule> schedules) {
        timer.jobs().stream().filter(job -> !schedules.containsKey(job)).forEach(job -> {
            timer.forget(job);
            log.accept(job + ": is not scheduled any more.");
        });
        Instant now = node.clock().instant();
        schedules.forEach((job, schedule) -> {
            boolean same = timer.find(job)
                    .filter(known -> known.says(schedule.cron(), schedule.zone()))
                    .isPresent();
            if (!same) {
                timer.keep(new KnownSchedule(job, schedule.cron(), schedule.zone(), now));
                log.accept("%s: scheduled at \"%s\" (%s).".formatted(job, schedule.cron(), schedule.zone()));
            }
        });
    }

    /** A node that dies between two slots must not end the chain. */
    private void rearm(String job) {
        if (timer.armed(job)) {
            return;
        }
        timer.find(job).ifPresent(schedule -> {
            Instant known = fires.latest(job)
                    .filter(latest -> latest.isAfter(schedule.since()))
                    .orElse(schedule.since());
            node.slots(schedule).next(known).ifPresent(slot -> timer.arm(job, slot));
        });
    }
}
