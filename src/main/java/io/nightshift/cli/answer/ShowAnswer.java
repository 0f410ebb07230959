package io.nightshift.cli.answer;

import io.nightshift.cli.terminal.Figures;
import io.nightshift.cli.terminal.Json;
import io.nightshift.cli.terminal.Table;
import io.nightshift.run.history.History.Run;
import io.nightshift.run.history.History.State;
import io.nightshift.run.history.RunDetails.Attempt;
import io.nightshift.run.history.RunDetails.Chunk;
import io.nightshift.run.history.RunDetails.Event;
import io.nightshift.run.history.RunDetails.Rows;
import io.nightshift.run.history.RunDetails.Size;
import io.nightshift.run.history.RunDetails.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One run with everything that is written down about it. */
public record ShowAnswer(
        Run run, List<Attempt> attempts, List<Step> steps, List<Rows> tables, List<Chunk> chunks, List<Event> events) {

    public Map<String, Object> document() {
        Map<String, Object> document = Json.document();
        document.putAll(RunsAnswer.object(run));
        // The number of attempts gives way to the attempts themselves.
        document.put("attempts", attempts);
        document.put("steps", steps);
        document.put("tables", tables);
        document.put("chunks", chunks);
        document.put("events", events);
        return document;
    }

    public String text() {
        List<String> lines = new ArrayList<>();
        lines.add("Run %d of %s: %s%s"
                .formatted(
                        run.run(),
                        run.job(),
                        run.state() == State.CRASHED ? "its process is gone" : run.state(),
                        run.reason().map(reason -> ", " + reason).orElse("")));
        lines.add("  parameters  " + run.parameters());
        lines.add("  now         " + Figures.time(run.now()));
        run.parent().ifPresent(parent -> lines.add("  began by    a step of run " + parent));
        section(lines, "Attempts", attemptTable());
        section(lines, "Steps", stepTable());
        section(lines, "Tables", rowsTable());
        section(lines, "Chunks", chunkTable());
        section(lines, "Events", eventTable());
        if (refused()) {
            lines.add("It ended before it did anything. Start it anew: nightshift run " + run.job());
        } else if (run.state() == State.CRASHED || run.state() == State.FAILED || run.state() == State.STOPPED) {
            lines.add("Continue it as it was frozen: nightshift resume %d. Or start anew: nightshift run %s --new"
                    .formatted(run.run(), run.job()));
        }
        if (run.rows().rejected() > 0) {
            lines.add("Its rejected rows: nightshift rejects " + run.run());
        }
        return String.join(System.lineSeparator(), lines);
    }

    private boolean refused() {
        return events.stream().anyMatch(event -> event.kind().equals("refused"));
    }

    private static void section(List<String> lines, String heading, Table table) {
        if (!table.isEmpty()) {
            lines.add(heading);
            lines.add(table.text());
        }
    }

    private Table attemptTable() {
        Table table = new Table("attempt", "state", "started", "took", "who", "host", "process", "reason");
        for (Attempt attempt : attempts) {
            table.row(
                    attempt.attempt(),
                    attempt.state(),
                    Figures.time(attempt.startedAt()),
                    Figures.between(attempt.startedAt(), attempt.endedAt()),
                    attempt.process().who(),
                    attempt.process().host(),
                    attempt.process().pid(),
                    attempt.reason().orElse(""));
        }
        return table;
    }

    private Table stepTable() {
        Table table = new Table(
                "step",
                "kind",
                "state",
                "expected",
                "read",
                "written",
                "rejected",
                "skipped",
                "chunks",
                "rows each",
                "ms each",
                "took");
        for (Step step : steps) {
            table.row(
                    step.step(),
                    step.kind(),
                    step.state(),
                    step.total().map(Figures::count).orElse("?"),
                    Figures.count(step.rows().read()),
                    Figures.count(step.rows().written()),
                    Figures.count(step.rows().rejected()),
                    Figures.count(step.rows().skipped()),
                    Figures.count(step.chunks()),
                    step.size().map(ShowAnswer::sizes).orElse(""),
                    step.size().map(size -> Figures.count(size.medianMillis())).orElse(""),
                    Figures.seconds(step.seconds()));
        }
        return table;
    }

    private Table rowsTable() {
        Table table = new Table("step", "table", "rows");
        tables.forEach(rows -> table.row(rows.step(), rows.table(), Figures.count(rows.rows())));
        return table;
    }

    /** Chunks grow and shrink: from the smallest to the largest. */
    private static String sizes(Size size) {
        return size.smallest() == size.largest()
                ? Figures.count(size.largest())
                : Figures.count(size.smallest()) + " to " + Figures.count(size.largest());
    }

    private Table chunkTable() {
        Table table =
                new Table("step", "piece", "after", "to", "read", "written", "rejected", "skipped", "ms", "attempt");
        for (Chunk chunk : chunks) {
            table.row(
                    chunk.step(),
                    chunk.piece(),
                    position(chunk.after()),
                    position(chunk.last()),
                    Figures.count(chunk.rows().read()),
                    Figures.count(chunk.rows().written()),
                    Figures.count(chunk.rows().rejected()),
                    Figures.count(chunk.rows().skipped()),
                    Figures.count(chunk.millis()),
                    chunk.attempt());
        }
        return table;
    }

    private static String position(List<String> key) {
        return key.isEmpty() ? "start" : String.join("/", key);
    }

    private Table eventTable() {
        Table table = new Table("at", "step", "what", "who", "message");
        for (Event event : events) {
            table.row(
                    Figures.time(event.at()),
                    event.step().orElse(""),
                    event.kind(),
                    event.who().orElse(""),
                    event.message());
        }
        return table;
    }
}
