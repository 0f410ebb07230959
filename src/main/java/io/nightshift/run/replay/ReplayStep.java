package io.nightshift.run.replay;

import io.nightshift.chunk.Assignment;
import io.nightshift.chunk.Counts;
import io.nightshift.chunk.Progress;
import io.nightshift.chunk.ReplayChunks;
import io.nightshift.chunk.SqlState;
import io.nightshift.chunk.StopSignal;
import io.nightshift.problem.ExitCode;
import io.nightshift.problem.ProblemException;
import io.nightshift.run.attempt.Retries;
import io.nightshift.run.attempt.Workplace;
import io.nightshift.run.claim.WorkLocks;
import java.io.IOException;
import java.sql.SQLException;

/** Tries the open rejects of one step again, until all were tried, and writes down what came of it. */
final class ReplayStep {

    private final Workplace workplace;
    private final ReplayRequest request;
    private final StopSignal stop;
    private final Progress progress;

    ReplayStep(Workplace workplace, ReplayRequest request, StopSignal stop, Progress progress) {
        this.workplace = workplace;
        this.request = request;
        this.stop = stop;
        this.progress = progress;
    }

    /** @param open how many rejects of the step there are to try */
    record Trial(Assignment assignment, ReplayChunks chunks, long open) {}

    Counts run(Trial trial, ReplayRun.Member member, WorkLocks locks) {
        String ended = "FAILED";
        try {
            persist(trial, member, locks);
            ended = stop.reason().isPresent() ? "STOPPED" : "COMPLETED";
        } catch (SQLException failure) {
            throw failed(trial.assignment(), SqlState.words(failure));
        } catch (IOException failure) {
            throw failed(trial.assignment(), failure.getClass().getSimpleName() + ": " + failure.getMessage());
        } finally {
            progress.stepEnded(trial.assignment().step(), ended);
        }
        Counts counts = trial.chunks().counts();
        workplace
                .runs()
                .event(
                        trial.assignment().run(),
                        trial.assignment().step(),
                        "replay",
                        request.who(),
                        "%,d of %,d applied (%,d written, %,d skipped), %,d refused again"
                                .formatted(
                                        counts.written() + counts.skipped(),
                                        trial.open(),
                                        counts.written(),
                                        counts.skipped(),
                                        counts.rejected()));
        return counts;
    }

    /** What may pass by itself is waited for, as between the attempts of a run. */
    private void persist(Trial trial, ReplayRun.Member member, WorkLocks locks) throws SQLException, IOException {
        Retries retries = new Retries(
                workplace, member.row(), member.work().definition().options().retries(), stop, progress);
        while (true) {
            long before = trial.chunks().counts().read();
            try {
                trial.chunks().run();
                retries.went(false);
                return;
            } catch (SQLException failure) {
                if (trial.chunks().stoppedBy(failure)) {
                    return;
                }
                retries.went(trial.chunks().counts().read() > before);
                if (!SqlState.passes(failure)
                        || !retries.waitFor(failure, trial.assignment().step())) {
                    throw failure;
                }
                if (!locks.regain(member.row().run())) {
                    throw failed(trial.assignment(), "the lock on the work was lost, and somebody else has it by now");
                }
            }
        }
    }

    private ProblemException failed(Assignment assignment, String what) {
        return new ProblemException(
                ExitCode.FAILED,
                "Step %s of run %d".formatted(assignment.step(), assignment.run()),
                what,
                "What was applied before stays. When it is mended: nightshift rejects %d --replay"
                        .formatted(request.run()));
    }
}
