package io.nightshift.cli;

import io.nightshift.cli.answer.PlanAnswer;
import io.nightshift.cli.invocation.ChosenJob;
import io.nightshift.cli.invocation.Invocation;
import io.nightshift.content.Home;
import io.nightshift.problem.ExitCode;
import io.nightshift.run.plan.Planner;
import io.nightshift.run.work.StartRequest;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "plan",
        description = "Shows what a job would do: rows, chunks, order, and what each step needs. Changes nothing.")
final class PlanCommand implements Callable<Integer> {

    private final Invocation invocation;

    @Mixin
    private final ChosenJob chosen = new ChosenJob();

    PlanCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        Home home = invocation.home();
        StartRequest request = chosen.request(invocation);
        PlanAnswer answer =
                invocation.looking(home, database -> new PlanAnswer(new Planner(home, database).plan(request)));
        invocation.answer(answer::document, answer::text);
        return ExitCode.DONE.code();
    }
}
