package io.nightshift.run.attempt;

import io.nightshift.chunk.Progress;
import io.nightshift.chunk.SqlState;
import io.nightshift.chunk.StopSignal;
import io.nightshift.problem.ExitCode;
import io.nightshift.problem.Problem;
import io.nightshift.problem.ProblemException;
import io.nightshift.run.books.RunResult;
import io.nightshift.run.books.RunRow;
import io.nightshift.run.books.StopRequests;
import io.nightshift.run.claim.AttemptStart;
import io.nightshift.run.claim.CancelStatements;
import io.nightshift.run.claim.WorkLocks;
import io.nightshift.run.work.Work;
import io.nightshift.sql.Statements;
import io.nightshift.step.ChildRuns;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.springframework.core.NestedRuntimeException;

/**
 * One attempt at a run after another, until one of them ends it or nothing more can be done. When the server goes away,
 * the locks go with it: they are taken again before the next attempt begins, and if somebody else has them, or the
 * token, this process is out.
 */
public final class Attempts implements LookForStop.Found {

    private static final String LOCK_LOST = "the connection that holds the lock on the work was lost";

    private final Surroundings surroundings;
    private final RunRow run;
    private final Work work;
    private final WorkLocks locks;
    private final Statements statements;
    private final Retries retries;
    private volatile StopSignal current;

    /**
     * @param stop     asks the whole run to stop
     * @param children starts the jobs that the steps of an attempt with this signal name
     */
    public record Surroundings(
            Workplace workplace, StopSignal stop, Progress progress, Function<StopSignal, ChildRuns> children) {}

    /** @param locks held already; the caller's to close */
    public Attempts(Surroundings surroundings, RunRow run, Work work, WorkLocks locks, Statements statements) {
        this.surroundings = surroundings;
        this.run = run;
        this.work = work;
        this.locks = locks;
        this.statements = statements;
        this.current = surroundings.stop().within();
        this.retries = new Retries(
                surroundings.workplace(),
                run,
                work.definition().options().retries(),
                surroundings.stop(),
                surroundings.progress());
    }

    private Workplace workplace() {
        return surroundings.workplace();
    }

    /** Returns when the run has ended, or is left to be continued by somebody. */
    public RunResult run(String who) throws SQLException {
        StopRequests requests = new StopRequests(workplace().database());
        try (LookForStop look = new LookForStop(requests, locks, run.run(), this)) {
            look.begin();
            AttemptStart starts = new AttemptStart(workplace().database());
            AttemptStart.Attempt attempt = starts.begin(run, who);
            while (true) {
                Outcome outcome = attempt(attempt);
                Optional<AttemptStart.Attempt> next = next(starts, attempt, outcome, who);
                if (next.isEmpty()) {
                    return end(attempt, outcome);
                }
                attempt = next.get();
            }
        }
    }

    /**
     * How an attempt ended.
     *
     * @param ended    as it was written down; empty when the server was away
     * @param passing  why another attempt may go better; empty when none would
     * @param answered how many of its commits the database has answered
     */
    private record Outcome(Optional<AttemptRun.Ended> ended, Optional<SQLException> passing, long answered) {
        String step() {
            return ended.map(AttemptRun.Ended::step).orElse("");
        }
    }

    private Outcome attempt(AttemptStart.Attempt attempt) {
        StopSignal signal = surroundings.stop().within();
        current = signal;
        AnsweredCommits commits = new AnsweredCommits(surroundings.progress());
        try {
            AttemptRun.Ended ended = new AttemptRun(workplace(), run, work, statements, signal)
                    .run(attempt, surroundings.children().apply(signal), commits);
            return new Outcome(
                    Optional.of(ended),
                    signal.lostItself() && ended.result().exit() != ExitCode.DONE
                            ? Optional.of(new SQLException(LOCK_LOST, "08006"))
                            : ended.passing(),
                    commits.count());
        } catch (NestedRuntimeException broken) {
            SQLException failure = Failures.passing(List.of(broken)).orElseThrow(() -> broken);
            return new Outcome(Optional.empty(), Optional.of(failure), commits.count());
        }
    }

    /** Waits, and begins the next attempt; empty when there is to be none. */
    private Optional<AttemptStart.Attempt> next(
            AttemptStart starts, AttemptStart.Attempt before, Outcome outcome, String who) {
        Optional<SQLException> failure = outcome.passing();
        while (failure.isPresent() && retries.waitFor(failure.get(), outcome.step())) {
            try {
                if (!locks.regain(run.run())) {
                    throw shutOut();
                }
                AttemptStart.Attempt next = starts.again(run, who, before, SqlState.words(failure.get()));
                long committed = workplace().runs().committed(run.run(), before.number());
                retries.went(committed > 0);
                if (SqlState.lost(failure.get())) {
                    tellUnanswered(committed - outcome.answered());
                }
                return Optional.of(next);
            } catch (SQLException away) {
                failure = Optional.of(away);
            } catch (NestedRuntimeException away) {
                failure = Optional.of(Failures.passing(List.of(away)).orElseThrow(() -> away));
            }
        }
        return Optional.empty();
    }

    /** A commit whose answer was lost has happened or not: the ledger knows, and nothing is tried again before it is asked. */
    private void tellUnanswered(long chunks) {
        String found = chunks > 0
                ? "%d more than was answered: not done again".formatted(chunks)
                : "as was answered: what was under way is done again";
        workplace().runs().event(run.run(), "ledger", "nightshift", "committed chunks of the attempt before: " + found);
    }

    private ProblemException shutOut() {
        return new ProblemException(
                ExitCode.FAILED,
                "Run %d of %s".formatted(run.run(), run.job()),
                LOCK_LOST + ", and somebody else has it by now",
                "This process commits nothing more; what was committed before stays. See: nightshift show "
                        + run.run());
    }

    private RunResult end(AttemptStart.Attempt attempt, Outcome outcome) throws SQLException {
        if (outcome.ended().isEmpty()) {
            throw outcome.passing().orElseThrow();
        }
        RunResult result = outcome.ended().get().result();
        String reason = result.problem().map(Problem::what).orElse(null);
        workplace().runs().end(run.run(), attempt.token(), result.status(), reason);
        if (result.exit() == ExitCode.USAGE || result.exit() == ExitCode.REFUSED) {
            workplace().runs().closeIfNothingWasDone(run.run(), "nightshift");
        }
        return result;
    }

    @Override
    public void asked(StopRequests.StopRequest request) {
        String reason = "asked to by " + request.who();
        if (request.now()) {
            surroundings.stop().requestAtOnce(reason);
            new CancelStatements(workplace().database()).of(run.run());
        } else {
            surroundings.stop().request(reason);
        }
    }

    @Override
    public void lost() {
        current.requestLost(LOCK_LOST);
    }
}
