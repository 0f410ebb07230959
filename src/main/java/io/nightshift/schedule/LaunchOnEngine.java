package io.nightshift.schedule;

import io.nightshift.chunk.Progress;
import io.nightshift.content.Home;
import io.nightshift.content.Settings;
import io.nightshift.database.Database;
import io.nightshift.problem.ExitCode;
import io.nightshift.problem.Problem;
import io.nightshift.problem.ProblemException;
import io.nightshift.run.Engine;
import io.nightshift.run.books.RunResult;
import io.nightshift.run.work.StartRequest;
import io.nightshift.schedule.FireRow.State;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** Runs a job for a slot on an engine of its own, and passes on the wish to stop. */
final class LaunchOnEngine implements Launch {

    private final Home home;
    private final Settings settings;
    private final Database database;
    private final Consumer<String> log;
    private final Set<Engine> engines = ConcurrentHashMap.newKeySet();
    private volatile Optional<String> stopped = Optional.empty();

    LaunchOnEngine(Home home, Settings settings, Database database, Consumer<String> log) {
        this.home = home;
        this.settings = settings;
        this.database = database;
        this.log = log;
    }

    @Override
    public Outcome run(String job, Instant slot) {
        try (Engine engine = Engine.open(home, settings, database)) {
            engines.add(engine);
            try {
                // Whoever asked before this engine was in the set did not reach it.
                stopped.ifPresent(engine::requestStop);
                return run(engine, job, slot);
            } finally {
                engines.remove(engine);
            }
        } catch (ProblemException refused) {
            State state = refused.exit() == ExitCode.ALREADY_RUNNING ? State.OVERLAPPED : State.FAILED;
            return Outcome.of(state, words(refused.problems().get(0)));
        }
    }

    /** An unfinished run of the same work is finished first, whatever its age; then the slot has its own. */
    private Outcome run(Engine engine, String job, Instant slot) {
        StartRequest request = new StartRequest(
                job, Map.of(), false, Optional.empty(), home.root(), Optional.of(slot), "schedule " + job);
        RunResult result = engine.run(request, notes(job));
        boolean older = !new Fires(database).slotOf(result.run()).equals(Optional.of(slot));
        if (older && result.exit() == ExitCode.DONE) {
            log.accept("%s: the unfinished run %d is complete; now the slot %s.".formatted(job, result.run(), slot));
            result = engine.run(request, notes(job));
            older = false;
        }
        return outcome(result, older);
    }

    private static Outcome outcome(RunResult result, boolean older) {
        OptionalLong run = OptionalLong.of(result.run());
        if (result.exit() == ExitCode.DONE) {
            return new Outcome(State.DONE, run, Optional.empty());
        }
        String what = result.problem().map(Problem::what).orElse("ended as " + result.status());
        String reason =
                older ? "the unfinished run %d was to be finished first: %s".formatted(result.run(), what) : what;
        return new Outcome(State.FAILED, run, Optional.of(reason));
    }

    private static String words(Problem problem) {
        return problem.where() + ": " + problem.what();
    }

    private Progress notes(String job) {
        return new Progress() {
            private boolean waits;

            /** A reason has figures in it that change all the time: only the first is told. */
            @Override
            public synchronized void waiting(Optional<String> reason) {
                if (waits != reason.isPresent()) {
                    waits = reason.isPresent();
                    note(reason.map(why -> "waits: " + why).orElse("goes on"));
                }
            }

            @Override
            public void note(String line) {
                log.accept(job + ": " + line);
            }
        };
    }

    @Override
    public void requestStop(String reason) {
        stopped = Optional.of(reason);
        engines.forEach(engine -> engine.requestStop(reason));
    }

    @Override
    public void stopNow(String reason) {
        stopped = Optional.of(reason);
        engines.forEach(engine -> engine.stopNow(reason));
    }
}
