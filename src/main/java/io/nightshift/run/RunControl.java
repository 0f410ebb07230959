package io.nightshift.run;

import io.nightshift.chunk.SqlState;
import io.nightshift.database.Database;
import io.nightshift.health.Tuning;
import io.nightshift.health.Tunings;
import io.nightshift.problem.ExitCode;
import io.nightshift.problem.ProblemException;
import io.nightshift.run.books.Replays;
import io.nightshift.run.books.RunRow;
import io.nightshift.run.books.Runs;
import io.nightshift.run.books.StopRequests;
import io.nightshift.run.claim.AttemptStart;
import io.nightshift.run.claim.RunLock;
import io.nightshift.run.claim.WorkLocks;
import java.sql.SQLException;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** What an operator does to a run from outside. */
public final class RunControl {

    private final Database database;
    private final Runs runs;

    /** Nightshift's own tables must be there. */
    public RunControl(Database database) {
        this.database = database;
        this.runs = new Runs(database);
    }

    /**
     * Asks a run to stop, at the next chunk boundary or at once; it looks every second. At once means that the
     * statements under way are cancelled, and their chunks rolled back.
     *
     * @return whether a process is at work on it and will hear of it
     */
    public boolean requestStop(long run, String who, boolean now) {
        RunRow row = runs.get(run);
        if (!row.state().equals("STARTED")) {
            throw new ProblemException(
                    ExitCode.REFUSED,
                    "Run %d of %s".formatted(run, row.job()),
                    "is not running: it is " + row.state(),
                    "See: nightshift show " + run);
        }
        new StopRequests(database).ask(run, new StopRequests.StopRequest(who, now));
        runs.event(run, "stop", who, now ? "asked to stop at once" : "asked to stop at the next chunk boundary");
        return alive(run);
    }

    /**
     * What holds for a run from now on.
     *
     * @param heard whether a process is at work on it and will hear of it
     */
    public record Tuned(Tuning tuning, boolean heard) {}

    /**
     * Changes how hard a run works, in this attempt and in those to come.
     *
     * @param change makes the new values of the old ones
     * @param words  for whoever reads the history
     * @throws ProblemException when the run is finished (3)
     */
    public Tuned tune(long run, String who, UnaryOperator<Tuning> change, Function<Tuning, String> words) {
        RunRow row = runs.get(run);
        if (!row.unfinished()) {
            throw new ProblemException(
                    ExitCode.REFUSED,
                    "Run %d of %s".formatted(run, row.job()),
                    "is " + row.state() + ": there is nothing left to do faster or slower",
                    "See: nightshift status");
        }
        Tunings tunings = new Tunings(database);
        Tuning changed = change.apply(tunings.of(run));
        tunings.write(run, changed, who, changed.equals(Tuning.NONE) ? "as its job says" : words.apply(changed));
        return new Tuned(changed, alive(run));
    }

    /** Whether a process is at work on the run. */
    public boolean alive(long run) {
        return new RunLock(database).held(run);
    }

    /** The state as it is written down now: STARTED, COMPLETED, FAILED, STOPPED or ABANDONED. */
    public String state(long run) {
        return runs.get(run).state();
    }

    /**
     * Ends a run for good, and the unfinished ones that its steps began; what they committed stays.
     *
     * @throws ProblemException when a process is at work on it (4), or it is finished (3)
     */
    public void abandon(long run, String who, String reason) {
        refuseFinished(run);
        // Those that its steps began first: whoever is at work on one of them keeps the whole.
        runs.unfinishedBelow(run).forEach(child -> end(child.run(), who, reason + " (with run " + run + ")"));
        end(run, who, reason);
    }

    private void end(long run, String who, String reason) {
        RunRow row = refuseFinished(run);
        try (WorkLocks locks = WorkLocks.connect(database, row.job())) {
            if (alive(run) || !locks.take(row.work(), true)) {
                throw new ProblemException(
                        ExitCode.ALREADY_RUNNING,
                        "Run %d of %s".formatted(run, row.job()),
                        "a process is at work on it",
                        "Stop it first: nightshift stop " + run);
            }
            new AttemptStart(database).shutOut(row);
            runs.abandon(run, who, reason);
        } catch (SQLException failure) {
            throw new ProblemException(ExitCode.FAILED, database.description(), SqlState.words(failure), "");
        }
    }

    /**
     * Nobody will try the open rejects of a run, and of those that its steps began, again.
     *
     * @return how many they were
     */
    public long dismissRejects(long run, String who, String reason) {
        runs.get(run);
        return new Replays(database).dismiss(run, who, reason);
    }

    private RunRow refuseFinished(long run) {
        RunRow row = runs.get(run);
        if (!row.unfinished()) {
            throw new ProblemException(
                    ExitCode.REFUSED,
                    "Run %d of %s".formatted(run, row.job()),
                    row.refused() ? "ended before it did anything" : "is already " + row.state(),
                    "There is nothing to abandon.");
        }
        return row;
    }
}
