package io.nightshift.cli;

import io.nightshift.cli.answer.HeldAnswer;
import io.nightshift.cli.invocation.Invocation;
import io.nightshift.cli.terminal.Json;
import io.nightshift.health.Brake;
import io.nightshift.problem.ExitCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "hold",
        description = "The brake for everything: every run waits between two chunks, and so does what is started, until"
                + " \"release\". It outlives every process.")
final class HoldCommand implements Callable<Integer> {

    private final Invocation invocation;

    @Parameters(paramLabel = "REASON", arity = "0..*", description = "Why, for whoever meets it.")
    private List<String> reason = new ArrayList<>();

    HoldCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        HeldAnswer held = invocation.noting(
                invocation.home(), database -> new HeldAnswer(new Brake(database).hold(invocation.who(), words())));
        invocation.answer(
                () -> Json.document("hold", held.object(), "exit", 0),
                () -> held.text() + " Runs wait at their next chunk boundary; let them go on with: nightshift release");
        return ExitCode.DONE.code();
    }

    private Optional<String> words() {
        return Optional.of(String.join(" ", reason).strip()).filter(words -> !words.isEmpty());
    }
}
