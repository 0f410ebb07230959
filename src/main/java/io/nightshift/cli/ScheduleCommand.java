package io.nightshift.cli;

import io.nightshift.cli.answer.ScheduleAnswer;
import io.nightshift.cli.invocation.Invocation;
import io.nightshift.content.Home;
import io.nightshift.database.Database;
import io.nightshift.job.file.JobFiles;
import io.nightshift.problem.ExitCode;
import io.nightshift.problem.Problems;
import io.nightshift.schedule.Schedules;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "schedule",
        description = "Lists when jobs run next, and what became of the last times: missed ones, and why.")
final class ScheduleCommand implements Callable<Integer> {

    private static final int LOOK_BACK = 1000;

    private final Invocation invocation;

    @Option(
            names = "--next",
            paramLabel = "N",
            defaultValue = "3",
            description = "How many of the next times of each job; default ${DEFAULT-VALUE}.")
    private int count;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "20",
            description = "How many past times at most; default ${DEFAULT-VALUE}.")
    private int limit;

    ScheduleCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        Home home = invocation.home();
        Problems problems = new Problems();
        JobFiles jobs = JobFiles.read(home.jobs(), problems);
        problems.throwIfAny(ExitCode.USAGE);
        ScheduleAnswer answer = invocation.hasDatabase(home)
                ? invocation.looking(home, database -> answer(jobs, database))
                : new ScheduleAnswer(Schedules.next(jobs, Instant.now(), count), List.of(), List.of(), List.of());
        invocation.answer(answer::document, answer::text);
        return ExitCode.DONE.code();
    }

    private ScheduleAnswer answer(JobFiles jobs, Database database) {
        return new ScheduleAnswer(
                Schedules.next(jobs, Instant.now(), count),
                Schedules.last(database),
                Schedules.recent(database, Math.min(limit, LOOK_BACK)),
                Schedules.servers(database));
    }
}
