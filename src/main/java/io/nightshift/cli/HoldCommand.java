package io.nightshift.cli;

import io.nightshift.cli.terminal.Figures;
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
        Brake.Held held = invocation.writing(invocation.home(), database -> {
            database.createOwnTables();
            return new Brake(database).hold(invocation.who(), words());
        });
        invocation.answer(
                () -> Json.document("hold", object(held), "exit", 0),
                () -> text(held) + " Runs wait at their next chunk boundary; let them go on with: nightshift release");
        return ExitCode.DONE.code();
    }

    private Optional<String> words() {
        return Optional.of(String.join(" ", reason).strip()).filter(words -> !words.isEmpty());
    }

    static Object object(Brake.Held held) {
        return Json.object("since", held.since(), "who", held.who(), "reason", held.reason());
    }

    /** {@code Everything is held by anna since 2026-03-01T01:30:00+01:00: the replica is being replaced.} */
    static String text(Brake.Held held) {
        return "Everything is held by %s since %s%s."
                .formatted(
                        held.who(),
                        Figures.time(held.since()),
                        held.reason().map(words -> ": " + words).orElse(""));
    }
}
