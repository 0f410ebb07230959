package io.nightshift.cli;

import io.nightshift.cli.answer.PlanAnswer;
import io.nightshift.content.Home;
import io.nightshift.problem.ExitCode;
import io.nightshift.run.plan.Planner;
import io.nightshift.run.work.StartRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "plan",
        description = "Shows what a job would do: rows, chunks, order, and what each step needs. Changes nothing.")
final class PlanCommand implements Callable<Integer> {

    private final Invocation invocation;

    @Parameters(index = "0", paramLabel = "JOB", description = "The name of a file in jobs/, without its ending.")
    private String job = "";

    @Parameters(index = "1..*", paramLabel = "name=value", description = "The job's parameters, as for run.")
    private List<String> arguments = new ArrayList<>();

    @Option(
            names = "--keys-from",
            paramLabel = "FILE",
            description = "Only the keys that are listed there, as for run.")
    private Optional<Path> keysFrom = Optional.empty();

    PlanCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        Home home = invocation.home();
        StartRequest request = new StartRequest(
                job,
                Arguments.read(job, arguments),
                false,
                Optional.empty(),
                invocation.directory(),
                Optional.empty(),
                invocation.who(),
                keysFrom.map(KeysFile::read));
        PlanAnswer answer =
                invocation.looking(home, database -> new PlanAnswer(new Planner(home, database).plan(request)));
        invocation.answer(answer::document, answer::text);
        return ExitCode.DONE.code();
    }
}
