package io.nightshift.cli.answer;

import io.nightshift.cli.terminal.Figures;
import io.nightshift.cli.terminal.Json;
import io.nightshift.database.Database;
import io.nightshift.run.history.History;
import io.nightshift.run.history.History.Run;
import io.nightshift.run.history.History.State;
import io.nightshift.run.history.RunDetails;
import io.nightshift.run.plan.Forecasts;
import io.nightshift.run.plan.Forecasts.Expected;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What runs now, and which runs wait for somebody to continue them. */
public record StatusAnswer(HealthAnswer health, List<Standing> standings) {

    public static final StatusAnswer NOTHING = new StatusAnswer(HealthAnswer.NOTHING, List.of());

    /** A run with its step under way, where there is one. */
    record Standing(Run run, Optional<RunDetails.Step> step, Optional<Expected> expected) {}

    public static StatusAnswer of(Database database, History history) {
        return new StatusAnswer(
                HealthAnswer.of(database),
                history.unfinished().stream()
                        .map(run -> standing(database, run))
                        .toList());
    }

    private static Standing standing(Database database, Run run) {
        Optional<RunDetails.Step> step = step(database, run);
        return new Standing(run, step, step.map(at -> new Forecasts(database).of(run, at)));
    }

    private static Optional<RunDetails.Step> step(Database database, Run run) {
        return run.state() == State.RUNNING
                ? new RunDetails(database, run.run())
                        .steps().stream()
                                .filter(step -> step.state().equals("STARTED"))
                                .findFirst()
                : Optional.empty();
    }

    public Map<String, Object> document() {
        return Json.document("hold", health.document(), "runs", Json.list(standings, standing -> {
            Map<String, Object> run = RunsAnswer.object(standing.run());
            run.put("step", standing.step().map(RunDetails.Step::step));
            run.put("expected", standing.step().flatMap(RunDetails.Step::total));
            run.put("stepForecast", ForecastAnswer.object(standing.expected().flatMap(Expected::step)));
            run.put("forecast", ForecastAnswer.object(standing.expected().flatMap(Expected::run)));
            health.add(standing.run(), run);
            return run;
        }));
    }

    public String text() {
        List<String> lines = new ArrayList<>();
        health.brake().ifPresent(held -> lines.add(held.text() + " Let it go on with: nightshift release"));
        if (standings.isEmpty()) {
            lines.add("Nothing runs, and nothing waits to be continued.");
        }
        standings.forEach(standing -> lines.add(line(standing)));
        return String.join(System.lineSeparator(), lines);
    }

    private String line(Standing standing) {
        Run run = standing.run();
        String head = "Run %d of %s".formatted(run.run(), run.job());
        return switch (run.state()) {
            case RUNNING -> head + running(standing) + health.text(run);
            case CRASHED ->
                "%s: its process is gone (%d on %s, since it began %s). The next run of it continues, or: nightshift resume %d"
                        .formatted(head, run.process().pid(), run.process().host(), ago(run.startedAt()), run.run());
            default ->
                "%s: %s %s%s. Continue it as it was frozen: nightshift resume %d. Or start anew: nightshift run %s --new"
                        .formatted(
                                head,
                                run.state(),
                                run.endedAt().map(StatusAnswer::ago).orElse(""),
                                run.reason().map(reason -> " (" + reason + ")").orElse(""),
                                run.run(),
                                run.job());
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
                        standing.step().map(StatusAnswer::progress).orElse("")
                                + standing.expected().map(StatusAnswer::end).orElse(""),
                        stopping);
    }

    private static String progress(RunDetails.Step step) {
        String total = step.total()
                .map(rows -> " of " + (step.totalEstimated() ? "about " : "") + Figures.count(rows))
                .orElse("");
        return "%n  step %s: %s%s rows"
                .formatted(step.step(), Figures.count(step.rows().read()), total);
    }

    private static String end(Expected expected) {
        String step = expected.step()
                .map(range -> "%n  the step ends %s, %s".formatted(ForecastAnswer.end(range), range.ground()))
                .orElse("");
        String run = expected.run()
                .map(range -> "%n  the run ends %s".formatted(ForecastAnswer.end(range)))
                .orElseGet(() -> "%n  when the run ends is not known: %s".formatted(expected.none()));
        return step + run;
    }

    private static String ago(Instant moment) {
        return Figures.between(moment, Optional.empty()) + " ago";
    }
}
