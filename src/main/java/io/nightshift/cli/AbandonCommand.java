package io.nightshift.cli;

import io.nightshift.cli.invocation.Invocation;
import io.nightshift.cli.terminal.Json;
import io.nightshift.problem.ExitCode;
import io.nightshift.run.RunControl;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "abandon",
        description = "Ends an unfinished run for good. What it has committed stays; nothing will continue it.")
final class AbandonCommand implements Callable<Integer> {

    private final Invocation invocation;

    @Parameters(paramLabel = "RUN", description = "The number of the run.")
    private long run;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for whoever reads the history.")
    private String reason = "abandoned by hand";

    AbandonCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        invocation.noting(invocation.home(), database -> {
            new RunControl(database).abandon(run, invocation.who(), reason);
            return run;
        });
        invocation.answer(
                () -> Json.document("run", run, "status", "ABANDONED", "exit", 0),
                () -> "Run " + run + " is abandoned. What it has committed stays.");
        return ExitCode.DONE.code();
    }
}
