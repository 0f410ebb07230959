package io.nightshift.cli.answer;

import io.nightshift.cli.terminal.Figures;
import io.nightshift.cli.terminal.Json;
import io.nightshift.cli.terminal.Table;
import io.nightshift.database.Database;
import io.nightshift.problem.ExitCode;
import io.nightshift.run.books.RunResult;
import io.nightshift.run.history.RejectHistory;
import io.nightshift.run.history.RunDetails;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How a run stands after an attempt, as it is told at the end.
 *
 * @param rejects by cause, with the first of each
 * @param remarks what else is worth reading: listed keys that were not found
 * @param exit    the run's own, or what the caller makes of it
 */
public record RunAnswer(RunResult result, List<RejectHistory.Group> rejects, List<String> remarks, ExitCode exit) {

    public static RunAnswer of(RunResult result, Database database, boolean strict) {
        boolean anyRejected = result.rows().rejected() > 0;
        ExitCode exit = strict && anyRejected && result.exit() == ExitCode.DONE ? ExitCode.FAILED : result.exit();
        return new RunAnswer(
                result,
                anyRejected ? new RejectHistory(database).groups(result.run(), 1) : List.of(),
                remarks(result, database),
                exit);
    }

    private static List<String> remarks(RunResult result, Database database) {
        return new RunDetails(database, result.run())
                .events().stream()
                        .filter(event -> event.kind().equals("not-found"))
                        .map(event -> event.step().map(step -> step + ": ").orElse("") + event.message())
                        .toList();
    }

    public Map<String, Object> document() {
        Map<String, Object> document = Json.document(
                "run", result.run(),
                "job", result.job(),
                "status", result.status(),
                "exit", exit.code(),
                "attempts", result.attempts(),
                "seconds", Json.seconds(result.seconds()),
                "rows", result.rows(),
                "steps", Json.list(result.steps(), RunAnswer::step));
        if (!result.problems().isEmpty()) {
            document.put("problems", result.problems());
        }
        if (!rejects.isEmpty()) {
            document.put("rejects", RejectsAnswer.objects(rejects));
        }
        if (!remarks.isEmpty()) {
            document.put("remarks", remarks);
        }
        if (!result.files().isEmpty()) {
            document.put("files", result.files());
        }
        return document;
    }

    private static Map<String, Object> step(RunResult.StepResult step) {
        return Json.object(
                "name", step.name(),
                "kind", step.kind(),
                "status", step.status(),
                "read", step.rows().read(),
                "written", step.rows().written(),
                "rejected", step.rows().rejected(),
                "skipped", step.rows().skipped(),
                "chunks", step.chunks(),
                "retries", step.retries(),
                "seconds", Json.seconds(step.seconds()));
    }

    public String text() {
        List<String> lines = new ArrayList<>();
        lines.add("Run %d of %s: %s after %s%s"
                .formatted(
                        result.run(),
                        result.job(),
                        result.status(),
                        Figures.seconds(result.seconds()),
                        result.attempts() > 1 ? ", " + result.attempts() + " attempts" : ""));
        if (!result.steps().isEmpty()) {
            lines.add(steps().text());
        }
        if (!rejects.isEmpty()) {
            lines.add(Figures.count(result.rows().rejected(), "row")
                    + (result.rows().rejected() == 1 ? " was" : " were") + " rejected:");
            rejects.forEach(group -> lines.add("  " + RejectsAnswer.line(group)));
            lines.add("  All of them: nightshift rejects " + result.run());
        }
        lines.addAll(remarks);
        result.files().forEach(file -> lines.add("Written: " + file));
        result.problems().forEach(problem -> lines.add(problem.text()));
        return String.join(System.lineSeparator(), lines);
    }

    private Table steps() {
        Table table = new Table(
                "step", "kind", "status", "read", "written", "rejected", "skipped", "chunks", "retries", "time");
        for (RunResult.StepResult step : result.steps()) {
            table.row(
                    step.name(),
                    step.kind(),
                    step.status(),
                    Figures.count(step.rows().read()),
                    Figures.count(step.rows().written()),
                    Figures.count(step.rows().rejected()),
                    Figures.count(step.rows().skipped()),
                    Figures.count(step.chunks()),
                    Figures.count(step.retries()),
                    Figures.seconds(step.seconds()));
        }
        return table;
    }
}
