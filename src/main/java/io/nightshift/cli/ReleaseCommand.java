package io.nightshift.cli;

import io.nightshift.cli.answer.HeldAnswer;
import io.nightshift.cli.invocation.Invocation;
import io.nightshift.cli.terminal.Json;
import io.nightshift.health.Brake;
import io.nightshift.problem.ExitCode;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(name = "release", description = "Lets everything go on that \"hold\" has stopped.")
final class ReleaseCommand implements Callable<Integer> {

    private final Invocation invocation;

    ReleaseCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        Optional<HeldAnswer> held = invocation.noting(
                invocation.home(),
                database -> new Brake(database).release(invocation.who()).map(HeldAnswer::new));
        invocation.answer(
                () -> Json.document("released", held.map(HeldAnswer::object), "exit", 0),
                () -> held.map(HeldAnswer::released).orElse("Nothing was held."));
        return ExitCode.DONE.code();
    }
}
