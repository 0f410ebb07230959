package io.nightshift.cli;

import io.nightshift.cli.answer.HealthAnswer;
import io.nightshift.cli.invocation.Changes;
import io.nightshift.cli.invocation.Invocation;
import io.nightshift.cli.invocation.Past;
import io.nightshift.cli.terminal.Json;
import io.nightshift.database.Database;
import io.nightshift.problem.ExitCode;
import io.nightshift.run.RunControl;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "tune",
        description = {
            "Changes how hard a run works, while it does; without values it says what was changed.",
            "",
            "  connections=N             chunks in work at the same time, in steps that page through keys; no more",
            "                            than the step began with",
            "  rate=N                    rows per second, all connections together; none is as fast as possible",
            "  target-duration=DURATION  what a chunk should take, for example 50ms; none keeps its size",
            "",
            "\"default\" takes a change back. The run hears of it within a second, and keeps it when it is resumed.",
            ""
        })
final class TuneCommand implements Callable<Integer> {

    private final Invocation invocation;

    @Parameters(index = "0", paramLabel = "RUN", description = "The number of the run.")
    private long run;

    @Parameters(index = "1..*", paramLabel = "name=value", description = "What to change.")
    private List<String> changes = new ArrayList<>();

    TuneCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        Changes read = Changes.read(changes);
        RunControl.Tuned tuned = changes.isEmpty()
                ? invocation.looking(invocation.home(), this::look)
                : invocation.noting(invocation.home(), database -> new RunControl(database)
                        .tune(run, invocation.who(), read::over, HealthAnswer::words));
        invocation.answer(
                () -> Json.document(
                        "run", run, "tuning", HealthAnswer.object(tuned.tuning()), "heard", tuned.heard(), "exit", 0),
                () -> text(tuned));
        return ExitCode.DONE.code();
    }

    private RunControl.Tuned look(Database database) {
        Past.run(database, run);
        return new RunControl.Tuned(HealthAnswer.of(database).tuning(run), false);
    }

    private String text(RunControl.Tuned tuned) {
        String words = HealthAnswer.words(tuned.tuning());
        String how = words.isEmpty() ? "as its job says" : words;
        if (changes.isEmpty()) {
            return "Run %d works with: %s.".formatted(run, how);
        }
        return tuned.heard()
                ? "Run %d works with: %s. It hears of it within a second.".formatted(run, how)
                : "Run %d will work with: %s. No process is at it now; continue it: nightshift resume %d"
                        .formatted(run, how, run);
    }
}
