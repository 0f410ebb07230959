package io.nightshift.cli.answer;

import io.nightshift.cli.terminal.Figures;
import io.nightshift.cli.terminal.Json;
import io.nightshift.problem.ExitCode;
import io.nightshift.problem.Problem;
import io.nightshift.rehearse.ExplainedStatement;
import io.nightshift.rehearse.RehearsedChunk;
import io.nightshift.run.plan.Rehearser.StepRehearsal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** What a rehearsal showed. */
public record RehearseAnswer(String job, List<StepRehearsal> steps) {

    public ExitCode exit() {
        return faults().isEmpty() ? ExitCode.DONE : ExitCode.FAILED;
    }

    private List<Problem> faults() {
        return steps.stream().flatMap(step -> step.faults().stream()).toList();
    }

    public Map<String, Object> document() {
        return Json.document(
                "job", job,
                "exit", exit().code(),
                "steps", Json.list(steps, RehearseAnswer::step),
                "problems", faults());
    }

    private static Map<String, Object> step(StepRehearsal step) {
        return Json.object(
                "name", step.name(),
                "kind", step.kind(),
                "chunks", Json.list(step.chunks(), RehearseAnswer::chunk),
                "notes", step.notes());
    }

    private static Map<String, Object> chunk(RehearsedChunk chunk) {
        return Json.object(
                "place", chunk.place(),
                "rows", chunk.rows(),
                "seconds", Json.seconds(chunk.seconds()),
                "serverWalBytes", chunk.serverWal(),
                "ownWalBytes",
                        chunk.ownWal().isPresent() ? Optional.of(chunk.ownWal().getAsLong()) : Optional.empty(),
                "tables", chunk.tables(),
                "statements", Json.list(chunk.statements(), RehearseAnswer::statement),
                "sample", chunk.sample(),
                "refusal", chunk.refusal());
    }

    private static Map<String, Object> statement(ExplainedStatement statement) {
        return Json.object(
                "tag", statement.tag(),
                "rows", statement.rows(),
                "seconds", Json.seconds(statement.seconds()),
                "walBytes", statement.walBytes(),
                "triggers", statement.triggers(),
                "scans", statement.scans(),
                "plan", statement.plan());
    }

    public String text() {
        List<String> lines = new ArrayList<>();
        lines.add("Rehearsed " + job + ": every chunk was rolled back.");
        for (StepRehearsal step : steps) {
            lines.add("Step " + step.name() + " (" + step.kind() + ")");
            step.notes().forEach(note -> lines.add("  " + note));
            for (int chunk = 0; chunk < step.chunks().size(); chunk++) {
                // The plans of the first chunk only: those of the others differ in numbers, and --json has them.
                add(lines, step.chunks().get(chunk), chunk == 0);
            }
        }
        faults().forEach(fault -> lines.add(fault.text()));
        lines.add(
                faults().isEmpty()
                        ? steps.stream().allMatch(step -> step.chunks().isEmpty())
                                ? "Nothing was there to rehearse."
                                : "Nothing was found that speaks against a run."
                        : Figures.count(faults().size(), "fault") + " found.");
        return String.join(System.lineSeparator(), lines);
    }

    private static void add(List<String> lines, RehearsedChunk chunk, boolean plans) {
        lines.add("  %s: %s in %s, %s"
                .formatted(
                        chunk.place(),
                        Figures.count(chunk.rows(), "row"),
                        time(chunk.seconds()),
                        wal(chunk.serverWal(), chunk.ownWal())));
        chunk.refusal().ifPresent(why -> lines.add("    refused: " + why));
        chunk.tables().forEach((table, rows) -> lines.add("    " + table + ": " + rows));
        for (ExplainedStatement statement : chunk.statements()) {
            lines.add("    %s: %s in %s"
                    .formatted(statement.tag(), Figures.count(statement.rows(), "row"), time(statement.seconds())));
            if (plans) {
                statement.plan().forEach(node -> lines.add("      " + node));
            }
            statement
                    .triggers()
                    .forEach(trigger -> lines.add("      trigger %s on %s: %s, %s"
                            .formatted(
                                    trigger.name(),
                                    trigger.table(),
                                    Figures.count(trigger.calls(), "call"),
                                    time(trigger.seconds()))));
        }
        chunk.sample().forEach(row -> lines.add("    " + row.key() + ": " + ChangedRow.words(row)));
    }

    private static String wal(long server, OptionalLong own) {
        String whole = "WAL of the whole server " + bytes(server);
        return own.isPresent() ? "WAL " + bytes(own.getAsLong()) + ", " + whole : whole;
    }

    private static String time(double seconds) {
        return seconds < 1 ? String.format(Locale.ROOT, "%.1f ms", seconds * 1000) : Figures.seconds(seconds);
    }

    private static String bytes(long bytes) {
        return bytes < 10_000
                ? Figures.count(bytes) + " B"
                : bytes < 10_000_000
                        ? Figures.count(bytes / 1000) + " kB"
                        : String.format(Locale.ROOT, "%,.1f MB", bytes / 1e6);
    }
}
