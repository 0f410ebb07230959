package io.nightshift;

import io.nightshift.chunk.Progress;
import io.nightshift.content.Home;
import io.nightshift.content.Settings;
import io.nightshift.database.Database;
import io.nightshift.run.Engine;
import io.nightshift.run.books.RunResult;
import io.nightshift.run.prove.Prover;
import io.nightshift.run.work.StartRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Runs a job of a home as the program does, in this process. */
public final class TestRun {

    private TestRun() {}

    /**
     * Runs or continues a job to the end of the attempt.
     *
     * @param arguments as typed: {@code name=value}
     */
    public static RunResult of(Home home, String job, String... arguments) {
        Settings settings = Settings.of(home);
        try (Database database = Database.open(home, settings, Database.Access.WRITE);
                Engine engine = Engine.open(home, settings, database)) {
            return engine.run(request(home, job, arguments), Progress.SILENT);
        }
    }

    /** The same in a thread of its own. */
    public static CompletableFuture<RunResult> inBackground(Home home, String job, String... arguments) {
        return CompletableFuture.supplyAsync(() -> of(home, job, arguments));
    }

    /** Continues a run by its number. */
    public static RunResult resume(Home home, long run) {
        Settings settings = Settings.of(home);
        try (Database database = Database.open(home, settings, Database.Access.WRITE);
                Engine engine = Engine.open(home, settings, database)) {
            return engine.resume(run, "tester", Progress.SILENT);
        }
    }

    /** Proves a run, with sessions that may only read. */
    public static Prover.Proven prove(Home home, long run) {
        try (Database database = Database.open(home, Settings.of(home), Database.Access.READ)) {
            return new Prover(home, database).prove(run);
        }
    }

    /** What does not hold of a run, a line each; those that later writes can explain begin with {@code later: }. */
    public static List<String> findings(Home home, long run) {
        return prove(home, run).steps().stream()
                .flatMap(step -> step.proof().findings().stream())
                .map(finding -> (finding.later() ? "later: " : "") + finding.where() + ": " + finding.what())
                .toList();
    }

    public static StartRequest request(Home home, String job, String... arguments) {
        Map<String, List<String>> given = new LinkedHashMap<>();
        for (String argument : arguments) {
            String[] parts = argument.split("=", 2);
            given.computeIfAbsent(parts[0], name -> new ArrayList<>()).add(parts[1]);
        }
        return new StartRequest(job, given, false, Optional.empty(), home.root(), Optional.empty(), "tester");
    }
}
