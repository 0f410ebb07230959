package io.nightshift.cli;

import io.nightshift.cli.answer.RunAnswer;
import io.nightshift.cli.invocation.AttendedRun;
import io.nightshift.cli.invocation.Invocation;
import io.nightshift.content.Home;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "resume", description = "Continues an unfinished run with what was frozen into it, whatever its age.")
final class ResumeCommand implements Callable<Integer> {

    private final Invocation invocation;

    @Parameters(paramLabel = "RUN", description = "The number of the run.")
    private long run;

    @Option(names = "--strict", description = "End with 1 when a row was rejected, though under the limit.")
    private boolean strict;

    @Option(
            names = "--take-over",
            description = {
                "Take the run from a process that is still there but frozen: its sessions are ended, and it commits",
                "nothing any more. A process that is well loses its chunk and ends with 1."
            })
    private boolean takeOver;

    ResumeCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        Home home = invocation.home();
        RunAnswer answer = invocation.writing(
                home,
                database -> RunAnswer.of(
                        new AttendedRun(invocation, home)
                                .on(
                                        database,
                                        (engine, progress) -> engine.resume(run, invocation.who(), takeOver, progress)),
                        database,
                        strict));
        invocation.answer(answer::document, answer::text);
        return answer.exit().code();
    }
}
