package io.nightshift.run;

import io.nightshift.chunk.Progress;
import io.nightshift.chunk.StopSignal;
import io.nightshift.content.Home;
import io.nightshift.content.Settings;
import io.nightshift.database.Database;
import io.nightshift.problem.ProblemException;
import io.nightshift.problem.Problems;
import io.nightshift.run.attempt.Workplace;
import io.nightshift.run.books.RunResult;
import io.nightshift.run.claim.CancelStatements;
import io.nightshift.run.replay.ReplayRequest;
import io.nightshift.run.replay.ReplayResult;
import io.nightshift.run.replay.ReplayRun;
import io.nightshift.run.work.Catalog;
import io.nightshift.run.work.StartRequest;
import java.sql.SQLException;
import org.springframework.core.NestedRuntimeException;

/** Runs jobs on one database, one run at a time per engine. Stops may be asked for from any thread. */
public final class Engine implements AutoCloseable {

    private final Workplace workplace;
    private final StopSignal stop = new StopSignal();

    private Engine(Workplace workplace) {
        this.workplace = workplace;
    }

    /**
     * Makes Nightshift's own tables if they are not there. The database stays the caller's to close.
     *
     * @throws ProblemException when the database cannot be used
     */
    public static Engine open(Home home, Settings settings, Database database) {
        Workplace workplace = Workplace.of(home, settings, database);
        database.createOwnTables();
        return new Engine(workplace);
    }

    /**
     * Starts a job, or continues its unfinished run, and returns when the attempt has ended.
     *
     * @throws ProblemException for everything that ends before an attempt begins: usage (2), a refusal (3), somebody
     *     else being at it (4)
     */
    public RunResult run(StartRequest request, Progress progress) {
        Problems problems = new Problems();
        Catalog catalog = Catalog.of(workplace.home(), workplace.kinds(), problems);
        catalog.job(request.job());
        catalog.throwIfAny(request.job(), problems);
        RunStart start = new RunStart(workplace, stop, progress);
        return answer(() -> start.start(request, catalog));
    }

    /**
     * Continues a run with what was frozen into it, whatever its age.
     *
     * @throws ProblemException when there is no such run, it is finished, or somebody else is at it
     */
    public RunResult resume(long run, String who, Progress progress) {
        return resume(run, who, false, progress);
    }

    /**
     * The same; a process that is at work on the run but frozen can be shut out: its sessions are ended, and it will
     * commit nothing any more.
     *
     * @param takeOver whether to do that
     */
    public RunResult resume(long run, String who, boolean takeOver, Progress progress) {
        RunStart start = new RunStart(workplace, stop, progress);
        return answer(() -> start.resume(run, who, takeOver));
    }

    /**
     * Tries the open rejects of a run, and of those that its steps began, again; touches no other row.
     *
     * @throws ProblemException when there is no such run, its job has changed too much, or somebody else is at it (4)
     */
    public ReplayResult replay(ReplayRequest request, Progress progress) {
        return answer(() -> new ReplayRun(workplace, request, stop, progress).run());
    }

    /** What may go wrong with the database outside of a step. */
    private interface Attempted<T> {
        T result() throws SQLException;
    }

    private <T> T answer(Attempted<T> attempted) {
        try {
            return attempted.result();
        } catch (SQLException failure) {
            throw workplace.database().problem(failure);
        } catch (NestedRuntimeException failure) {
            // Spring wraps what the books of runs ran into, in two families of exceptions.
            throw LostDatabase.behind(failure)
                    .map(workplace.database()::problem)
                    .<RuntimeException>map(known -> known)
                    .orElse(failure);
        }
    }

    /** Asks the run under way to stop at the next chunk boundary. */
    public void requestStop(String reason) {
        stop.request(reason);
    }

    /** Cancels the statements of the run under way; its chunks are rolled back. */
    public void stopNow(String reason) {
        stop.requestAtOnce(reason);
        new CancelStatements(workplace.database())
                .ofProcess(ProcessHandle.current().pid());
    }

    @Override
    public void close() {
        stop.request("the program ends");
    }
}
