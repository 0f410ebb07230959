package io.nightshift.cli;

import io.nightshift.cli.answer.RunsAnswer;
import io.nightshift.cli.invocation.Invocation;
import io.nightshift.cli.invocation.Past;
import io.nightshift.content.Home;
import io.nightshift.problem.ExitCode;
import io.nightshift.run.history.History.Run;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "history", description = "Lists runs, the newest first.")
final class HistoryCommand implements Callable<Integer> {

    private final Invocation invocation;

    @Parameters(arity = "0..1", paramLabel = "JOB", description = "Only runs of this job.")
    private Optional<String> job = Optional.empty();

    @Option(
            names = "--failed",
            description = "Only runs that failed or whose process is gone; ends with 1 when there is one.")
    private boolean failed;

    @Option(
            names = "--since",
            paramLabel = "DURATION",
            description = "Only runs that were at work in this time until now, for example 24h or 7d.")
    private Optional<Duration> since = Optional.empty();

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "50",
            description = "How many at most; default ${DEFAULT-VALUE}.")
    private int limit;

    HistoryCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        Home home = invocation.home();
        if (!invocation.hasDatabase(home)) {
            invocation.answer(() -> new RunsAnswer(List.of()).document(), () -> Past.NO_DATABASE);
            return ExitCode.DONE.code();
        }
        Optional<Instant> from = since.map(duration -> Instant.now().minus(duration));
        Optional<List<Run>> runs = invocation.looking(
                home, database -> Past.of(database).map(history -> history.runs(job, failed, from, limit)));
        RunsAnswer answer = new RunsAnswer(runs.orElse(List.of()));
        invocation.answer(answer::document, () -> runs.isEmpty() ? Past.NONE : text(answer));
        return failed && !answer.runs().isEmpty() ? ExitCode.FAILED.code() : ExitCode.DONE.code();
    }

    private String text(RunsAnswer answer) {
        if (!answer.runs().isEmpty()) {
            return answer.text();
        }
        return "No " + (failed ? "failed " : "") + "run"
                + job.map(name -> " of " + name).orElse("")
                + (since.isPresent() ? " in that time." : " yet.");
    }
}
