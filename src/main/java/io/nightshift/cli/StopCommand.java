package io.nightshift.cli;

import io.nightshift.cli.invocation.Invocation;
import io.nightshift.cli.terminal.Json;
import io.nightshift.database.Database;
import io.nightshift.problem.ExitCode;
import io.nightshift.run.RunControl;
import io.nightshift.run.history.History;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "stop",
        description =
                "Asks a run to stop at the next chunk boundary or at once, wherever it runs, and waits until it has.")
final class StopCommand implements Callable<Integer> {

    private static final int LOOK_EVERY_MILLIS = 500;

    private final Invocation invocation;

    @Parameters(paramLabel = "RUN", description = "The number of the run.")
    private long run;

    @Option(
            names = "--now",
            description = "Do not wait for the chunk: cancel its statement. What it has begun is rolled back.")
    private boolean now;

    @Option(names = "--no-wait", description = "Ask only; do not wait for the chunk boundary.")
    private boolean leave;

    StopCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        History.State state = invocation.noting(invocation.home(), this::stop);
        invocation.answer(() -> Json.document("run", run, "status", state, "exit", 0), () -> text(state));
        return ExitCode.DONE.code();
    }

    private History.State stop(Database database) {
        boolean heard = new RunControl(database).requestStop(run, invocation.who(), now);
        History history = new History(database);
        if (heard && !leave) {
            invocation.err().println("Waiting until it has stopped; Ctrl-C leaves the run stopping.");
            while (state(history) == History.State.RUNNING) {
                pause();
            }
        }
        return state(history);
    }

    private History.State state(History history) {
        return history.find(run).orElseThrow().state();
    }

    private static void pause() {
        try {
            Thread.sleep(LOOK_EVERY_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for a run to stop.", e);
        }
    }

    private String text(History.State state) {
        return switch (state) {
            case RUNNING ->
                "Run %d was asked to stop%s.".formatted(run, now ? " at once" : " at the next chunk boundary");
            case CRASHED ->
                "No process is at work on run %d: there was nothing to stop. Continue it: nightshift resume %d"
                        .formatted(run, run);
            case STOPPED -> "Run %d has stopped. Continue it: nightshift resume %d".formatted(run, run);
            default -> "Run %d was faster: it is %s.".formatted(run, state);
        };
    }
}
