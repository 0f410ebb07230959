package io.nightshift.cli;

import io.nightshift.cli.answer.RunAnswer;
import io.nightshift.cli.invocation.Arguments;
import io.nightshift.cli.invocation.AttendedRun;
import io.nightshift.cli.invocation.DetachedRun;
import io.nightshift.cli.invocation.Invocation;
import io.nightshift.cli.invocation.KeysFile;
import io.nightshift.content.Home;
import io.nightshift.run.work.StartRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "run",
        description = {
            "Starts a job, or continues its unfinished run.",
            "",
            "Ctrl-C, SIGTERM and SIGHUP stop it at the next chunk boundary, a second one at once; what is committed"
                    + " stays, and the run can be resumed.",
            ""
        })
final class RunCommand implements Callable<Integer> {

    private final Invocation invocation;

    @Parameters(index = "0", paramLabel = "JOB", description = "The name of a file in jobs/, without its ending.")
    private String job = "";

    @Parameters(
            index = "1..*",
            paramLabel = "name=value",
            description = "The job's parameters. Relative paths are the caller's; a list may be given several times"
                    + " or with commas.")
    private List<String> arguments = new ArrayList<>();

    @Option(names = "--detach", description = "Run it in the background, and end when it has begun.")
    private boolean detach;

    @Option(names = "--new", description = "Abandon an unfinished run of the same work and start anew.")
    private boolean fresh;

    @Option(names = "--strict", description = "End with 1 when a row was rejected, though under the limit.")
    private boolean strict;

    @Option(
            names = "--at-most",
            paramLabel = "DURATION",
            description = "Stop at the chunk boundary after this time, for example 2h. Overrides the job's own.")
    private Optional<Duration> atMost = Optional.empty();

    @Option(
            names = "--keys-from",
            paramLabel = "FILE",
            description = "Work only on the keys that are listed there, one on each line (CSV where a key has several"
                    + " columns), and name those that are not found.")
    private Optional<Path> keysFrom = Optional.empty();

    RunCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        Home home = invocation.home();
        if (detach) {
            return new DetachedRun(invocation, home, job).start();
        }
        StartRequest request = new StartRequest(
                job,
                Arguments.read(job, arguments),
                fresh,
                atMost,
                invocation.directory(),
                Optional.empty(),
                invocation.who(),
                keysFrom.map(KeysFile::read));
        RunAnswer answer = invocation.writing(
                home,
                database -> RunAnswer.of(
                        new AttendedRun(invocation, home)
                                .on(database, (engine, progress) -> engine.run(request, progress)),
                        database,
                        strict));
        invocation.answer(answer::document, answer::text);
        return answer.exit().code();
    }
}
