package io.nightshift.cli.answer;

import io.nightshift.cli.terminal.Figures;
import io.nightshift.cli.terminal.Json;
import io.nightshift.cli.terminal.Table;
import io.nightshift.run.history.History.Run;
import java.util.List;
import java.util.Map;

/** Runs in a list. */
public record RunsAnswer(List<Run> runs) {

    public Map<String, Object> document() {
        return Json.document("runs", Json.list(runs, RunsAnswer::object));
    }

    static Map<String, Object> object(Run run) {
        return Json.object(
                "run", run.run(),
                "job", run.job(),
                "status", run.state(),
                "reason", run.reason(),
                "parameters", Json.parsed(run.parameters()),
                "now", run.now(),
                "startedAt", run.startedAt(),
                "endedAt", run.endedAt(),
                "attempts", run.attempts(),
                "rows", run.rows(),
                "who", run.process().who(),
                "host", run.process().host(),
                "pid", run.process().pid(),
                "parent", run.parent());
    }

    public String text() {
        Table table = new Table("run", "job", "status", "started", "took", "read", "written", "rejected", "who");
        for (Run run : runs) {
            table.row(
                    run.run(),
                    run.job(),
                    run.state(),
                    Figures.time(run.startedAt()),
                    Figures.between(run.startedAt(), run.endedAt()),
                    Figures.count(run.rows().read()),
                    Figures.count(run.rows().written()),
                    Figures.count(run.rows().rejected()),
                    run.process().who());
        }
        return table.text();
    }
}
