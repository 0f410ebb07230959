package io.nightshift.cli;

import io.nightshift.cli.terminal.Figures;
import io.nightshift.cli.terminal.Json;
import io.nightshift.problem.ExitCode;
import io.nightshift.run.History;
import io.nightshift.run.History.Run;
import io.nightshift.run.History.State;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(name = "status", description = "Shows what runs now, and which runs wait for somebody to continue them.")
final class StatusCommand implements Callable<Integer> {

    private final Invocation invocation;

    StatusCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    /** A run with its step under way, where there is one. */
    private record Standing(Run run, Optional<History.Step> step) {}

    @Override
    public Integer call() {
        Optional<List<Standing>> standings = invocation.looking(
                invocation.home(), database -> Past.of(database).map(history -> history.unfinished().stream()
                        .map(run -> new Standing(run, step(history, run)))
                        .toList()));
        invocation.answer(
                () -> document(standings.orElse(List.of())),
                () -> standings.map(StatusCommand::text).orElse(Past.NONE));
        return ExitCode.DONE.code();
    }

    private static Optional<History.Step> step(History history, Run run) {
        return run.state() == State.RUNNING
                ? history.steps(run.run()).stream()
                        .filter(step -> step.state().equals("STARTED"))
                        .findFirst()
                : Optional.empty();
    }

    private static Map<String, Object> document(List<Standing> standings) {
        return Json.document("runs", Json.list(standings, standing -> {
            Map<String, Object> run = RunsAnswer.object(standing.run());
            run.put("step", standing.step().map(History.Step::step));
            run.put("expected", standing.step().flatMap(History.Step::total));
            return run;
        }));
    }

    private static String text(List<Standing> standings) {
        if (standings.isEmpty()) {
            return "Nothing runs, and nothing waits to be continued.";
        }
        List<String> lines = new ArrayList<>();
        standings.forEach(standing -> lines.add(line(standing)));
        return String.join(System.lineSeparator(), lines);
    }

    private static String line(Standing standing) {
        Run run = standing.run();
        String head = "Run %d of %s".formatted(run.run(), run.job());
        return switch (run.state()) {
            case RUNNING -> head + running(standing);
            case CRASHED ->
                "%s: its process is gone (%d on %s, since it began %s). The next run of it continues, or: nightshift resume %d"
                        .formatted(head, run.process().pid(), run.process().host(), ago(run.startedAt()), run.run());
            default ->
                "%s: %s %s%s. Continue it: nightshift resume %d"
                        .formatted(
                                head,
                                run.state(),
                                run.endedAt().map(StatusCommand::ago).orElse(""),
                                run.reason().map(reason -> " (" + reason + ")").orElse(""),
                                run.run());
        };
    }

    private static String running(Standing standing) {
        Run run = standing.run();
        String stopping =
                run.stopAsked().map(who -> "; " + who + " has asked it to stop").orElse("");
        return ": running for %s, started by %s on %s (process %d)%s%s"
                .formatted(
                        Figures.between(run.startedAt(), Optional.empty()),
                        run.process().who(),
                        run.process().host(),
                        run.process().pid(),
                        standing.step().map(StatusCommand::progress).orElse(""),
                        stopping);
    }

    private static String progress(History.Step step) {
        String total = step.total()
                .map(rows -> " of " + (step.totalEstimated() ? "about " : "") + Figures.count(rows))
                .orElse("");
        return "%n  step %s: %s%s rows%s"
                .formatted(step.step(), Figures.count(step.rows().read()), total, left(step));
    }

    /** From the rate since the step began: a rough guess is better than none. */
    private static String left(History.Step step) {
        double elapsed = Duration.between(step.startedAt(), Instant.now()).toMillis() / 1000.0;
        long done = step.rows().read();
        return step.total()
                .filter(total -> done > 0 && total > done)
                .map(total -> ", about " + Figures.seconds(elapsed * (total - done) / done) + " left")
                .orElse("");
    }

    private static String ago(Instant moment) {
        return Figures.between(moment, Optional.empty()) + " ago";
    }
}
