package io.nightshift.cli.answer;

import io.nightshift.chunk.Counts;
import io.nightshift.cli.terminal.Figures;
import io.nightshift.cli.terminal.Json;
import io.nightshift.problem.ExitCode;
import io.nightshift.run.history.RejectHistory.Group;
import io.nightshift.run.replay.ReplayResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What came of trying rejects again.
 *
 * @param groups what is open now, by cause
 */
public record ReplayAnswer(ReplayResult result, List<Group> groups) {

    public ExitCode exit() {
        return result.stopped().isPresent() ? ExitCode.STOPPED : result.open() > 0 ? ExitCode.FAILED : ExitCode.DONE;
    }

    public Map<String, Object> document() {
        return Json.document(
                "run", result.run(),
                "exit", exit().code(),
                "tried", result.counts().read(),
                "written", result.counts().written(),
                "skipped", result.counts().skipped(),
                "refused", result.counts().rejected(),
                "open", result.open(),
                "stopped", result.stopped(),
                "steps",
                        Json.list(
                                result.steps(),
                                step -> Json.object(
                                        "run", step.run(),
                                        "job", step.job(),
                                        "step", step.step(),
                                        "tried", step.counts().read(),
                                        "written", step.counts().written(),
                                        "skipped", step.counts().skipped(),
                                        "refused", step.counts().rejected())),
                "groups", RejectsAnswer.objects(groups));
    }

    public String text() {
        if (result.counts().read() == 0 && result.open() == 0) {
            return "Run " + result.run() + " has no open rejects.";
        }
        List<String> lines = new ArrayList<>();
        for (ReplayResult.StepReplay step : result.steps()) {
            lines.add("%s of %s: %s".formatted(step.step(), step.job(), words(step.counts())));
        }
        result.stopped().ifPresent(why -> lines.add("Stopped before the end: " + why + ". What was applied stays."));
        if (result.open() > 0) {
            lines.add(Figures.count(result.open()) + (result.open() == 1 ? " is" : " are") + " open:");
            groups.forEach(group -> lines.add("  " + RejectsAnswer.line(group)));
            lines.add("  All of them: nightshift rejects " + result.run());
        } else {
            lines.add("None is open any more.");
        }
        return String.join(System.lineSeparator(), lines);
    }

    private static String words(Counts counts) {
        return "%s tried again, %s applied%s, %s refused again"
                .formatted(
                        Figures.count(counts.read()),
                        Figures.count(counts.written()),
                        counts.skipped() == 0
                                ? ""
                                : ", " + Figures.count(counts.skipped()) + " skipped since nothing was left to do",
                        Figures.count(counts.rejected()));
    }
}
