package io.nightshift.cli;

import io.nightshift.cli.terminal.Figures;
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
        Optional<Brake.Held> held = invocation.writing(invocation.home(), database -> {
            database.createOwnTables();
            return new Brake(database).release(invocation.who());
        });
        invocation.answer(
                () -> Json.document("released", held.map(HoldCommand::object), "exit", 0),
                () -> held.map(ReleaseCommand::text).orElse("Nothing was held."));
        return ExitCode.DONE.code();
    }

    private static String text(Brake.Held held) {
        return "Released: it was held by %s for %s%s."
                .formatted(
                        held.who(),
                        Figures.between(held.since(), Optional.empty()),
                        held.reason().map(words -> " (" + words + ")").orElse(""));
    }
}
