package io.nightshift.cli;

import io.nightshift.database.Database;
import io.nightshift.problem.ExitCode;
import io.nightshift.run.Prover;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "prove",
        description =
                "Holds what a finished run wrote down against the data and the input; ends with 1 when something does not"
                        + " hold. Changes nothing.")
final class ProveCommand implements Callable<Integer> {

    private final Invocation invocation;

    @Parameters(paramLabel = "RUN", description = "The number of the run.")
    private long run;

    @Option(
            names = "--accept-later",
            description = "End with 0 where writes that came after the run can explain every difference.")
    private boolean acceptLater;

    ProveCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        ProveAnswer answer = invocation.looking(invocation.home(), this::prove);
        invocation.answer(answer::document, answer::text);
        boolean good = answer.proven().holds() || acceptLater && answer.proven().explained();
        return good ? ExitCode.DONE.code() : ExitCode.FAILED.code();
    }

    private ProveAnswer prove(Database database) {
        Past.run(database, run);
        return new ProveAnswer(new Prover(invocation.home(), database).prove(run));
    }
}
