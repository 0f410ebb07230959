package io.nightshift.run;

import io.nightshift.chunk.Progress;
import io.nightshift.chunk.StopSignal;
import io.nightshift.job.file.JobFile;
import io.nightshift.problem.ExitCode;
import io.nightshift.problem.ProblemException;
import io.nightshift.problem.Problems;
import io.nightshift.run.attempt.Attempts;
import io.nightshift.run.attempt.Workplace;
import io.nightshift.run.books.FrozenContent;
import io.nightshift.run.books.NewRun;
import io.nightshift.run.books.RunResult;
import io.nightshift.run.books.RunRow;
import io.nightshift.run.books.StopRequests;
import io.nightshift.run.claim.AttemptStart;
import io.nightshift.run.claim.RunLock;
import io.nightshift.run.claim.WorkLocks;
import io.nightshift.run.work.Catalog;
import io.nightshift.run.work.StartRequest;
import io.nightshift.run.work.Work;
import io.nightshift.step.ListedKeys;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.springframework.core.NestedRuntimeException;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Decides what a request means: a new run, the continuation of an unfinished one, or a refusal. The lock on the work is
 * taken before anything is looked up.
 */
final class RunStart {

    private final Workplace workplace;
    private final StopSignal stop;
    private final Progress progress;

    RunStart(Workplace workplace, StopSignal stop, Progress progress) {
        this.workplace = workplace;
        this.stop = stop;
        this.progress = progress;
    }

    RunResult start(StartRequest request, Catalog catalog) throws SQLException {
        return start(request, catalog, Optional.empty(), Optional.empty());
    }

    /**
     * @param parent the step of another run that asks
     * @param asOf   inherited from it
     */
    RunResult start(StartRequest request, Catalog catalog, Optional<NewRun.Parent> parent, Optional<Instant> asOf)
            throws SQLException {
        Work work = Work.of(request, catalog);
        workplace.refuseUnfit(work, catalog.statements());
        request.atMost().or(() -> work.definition().options().atMost()).ifPresent(stop::stopAfter);
        try (WorkLocks locks = WorkLocks.connect(workplace.database(), request.job())) {
            locks.takeOrRefuse(work.key(), work.sideBySide());
            Optional<RunRow> last = workplace.runs().latestOfWork(work.key()).filter(RunRow::unfinished);
            if (last.isPresent() && !request.fresh()) {
                refuseIfStale(last.get(), work, request);
                parent.ifPresent(step -> workplace.runs().adopt(last.get().run(), step));
                return proceed(last.get(), work, locks, request.who(), catalog);
            }
            checkInput(work);
            if (last.isPresent()) {
                new AttemptStart(workplace.database()).shutOut(last.get());
                for (RunRow child : workplace.runs().unfinishedBelow(last.get().run())) {
                    if (!new RunLock(workplace.database()).held(child.run())) {
                        new AttemptStart(workplace.database()).shutOut(child);
                    }
                }
            }
            RunRow fresh = together(() -> {
                last.ifPresent(old -> abandon(old, request.who()));
                return create(request, work, catalog, parent, asOf);
            });
            progress.note("Started run %d of %s.".formatted(fresh.run(), fresh.job()));
            return attempt(fresh, work, locks, request.who(), catalog);
        }
    }

    /** A run is there with everything that is frozen into it, and in place of the abandoned one, or not at all. */
    private <T> T together(Supplier<T> writing) {
        DataSource dataSource = workplace.database().dataSource();
        return Objects.requireNonNull(
                new TransactionTemplate(new JdbcTransactionManager(dataSource)).execute(transaction -> writing.get()));
    }

    /**
     * @param takeOver whether a process that is at work on it, but frozen, may be shut out
     */
    RunResult resume(long number, String who, boolean takeOver) throws SQLException {
        RunRow row = unfinished(number);
        List<Map.Entry<String, String>> frozen = new FrozenContent(workplace.database()).of(number);
        Catalog catalog = Catalog.frozen(frozen, workplace.kinds());
        Optional<ListedKeys> listed = Work.listed(frozen);
        JobFile file = catalog.job(row.job());
        Work work = Work.of(file, Work.values(row.parameters()), catalog, listed);
        workplace.refuseUnfit(work, catalog.statements());
        work.definition().options().atMost().ifPresent(stop::stopAfter);
        try (WorkLocks locks = WorkLocks.connect(workplace.database(), row.job())) {
            if (takeOver) {
                locks.takeOver(row, who, work.key(), work.sideBySide());
            } else {
                locks.takeOrRefuse(work.key(), work.sideBySide());
            }
            return proceed(unfinished(number), work, locks, who, catalog);
        }
    }

    private RunRow unfinished(long number) {
        RunRow row = workplace.runs().get(number);
        if (!row.unfinished()) {
            throw new ProblemException(
                    ExitCode.REFUSED,
                    "Run %d of %s".formatted(number, row.job()),
                    row.refused()
                            ? "ended before it did anything and cannot be continued"
                            : "is " + row.state() + " and cannot be continued",
                    "Start it anew: nightshift run " + row.job());
        }
        return row;
    }

    private void checkInput(Work work) {
        Problems problems = new Problems();
        workplace.kinds().checkInput(work.definition().steps(), workplace.home(), problems);
        problems.throwIfAny(ExitCode.USAGE);
    }

    private void abandon(RunRow run, String who) {
        String reason = "a new run was started instead (--new)";
        for (RunRow child : workplace.runs().unfinishedBelow(run.run())) {
            if (!new RunLock(workplace.database()).held(child.run())) {
                workplace.runs().abandon(child.run(), who, reason);
            }
        }
        workplace.runs().abandon(run.run(), who, reason);
    }

    private void refuseIfStale(RunRow run, Work work, StartRequest request) {
        String choice =
                "Continue it as it was frozen: nightshift resume %d. Or leave it and start anew: nightshift run %s --new"
                        .formatted(run.run(), run.job());
        String where = "Run %d of %s".formatted(run.run(), run.job());
        if (!run.contentHash().equals(work.contentHash())) {
            throw new ProblemException(
                    ExitCode.REFUSED,
                    where,
                    "is unfinished (%s), and its job file or statements have changed since".formatted(run.state()),
                    choice);
        }
        Duration age = Duration.between(run.startedAt(), Instant.now());
        boolean byHand = request.slot().isEmpty();
        if (byHand && age.compareTo(workplace.settings().continueWithin()) > 0) {
            throw new ProblemException(
                    ExitCode.REFUSED,
                    where,
                    "is unfinished (%s) and %d hours old".formatted(run.state(), age.toHours()),
                    choice);
        }
    }

    /** Goes on with an unfinished run, and says so. */
    private RunResult proceed(RunRow run, Work work, WorkLocks locks, String who, Catalog catalog) throws SQLException {
        if (run.state().equals("STARTED")) {
            workplace.runs().event(run.run(), "crash", who, "its process was found gone: the lock was free");
        }
        String how = run.state().equals("STARTED") ? "whose process was gone" : run.state();
        progress.note("Continuing run %d of %s (%s), begun %s ago; its now is %s."
                .formatted(
                        run.run(),
                        run.job(),
                        how,
                        age(Duration.between(run.startedAt(), Instant.now())),
                        run.now().truncatedTo(ChronoUnit.SECONDS)));
        new StopRequests(workplace.database()).forget(run.run());
        return attempt(run, work, locks, who, catalog);
    }

    private static String age(Duration duration) {
        return duration.toHours() > 0
                ? duration.toHours() + " h"
                : duration.toMinutes() > 0 ? duration.toMinutes() + " min" : duration.toSeconds() + " s";
    }

    private RunRow create(
            StartRequest request, Work work, Catalog catalog, Optional<NewRun.Parent> parent, Optional<Instant> asOf) {
        Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
        Map<String, String> texts = new LinkedHashMap<>(catalog.texts(work.file()));
        work.listed().ifPresent(list -> texts.put(ListedKeys.NAME, list.text()));
        long number = workplace
                .runs()
                .create(
                        new NewRun(
                                work.definition().name(),
                                work.key(),
                                work.parameters(),
                                now,
                                asOf.or(request::slot).orElse(now),
                                request.who(),
                                request.slot(),
                                parent,
                                work.contentHash()),
                        texts);
        return workplace.runs().get(number);
    }

    private RunResult attempt(RunRow run, Work work, WorkLocks locks, String who, Catalog catalog) {
        try {
            return attempts(run, work, locks, who, catalog);
        } catch (SQLException | NestedRuntimeException failure) {
            throw LostDatabase.behind(failure)
                    .<RuntimeException>map(lost -> new LostDatabase(workplace.database()).under(run, lost))
                    .orElseGet(() ->
                            failure instanceof RuntimeException unknown ? unknown : new IllegalStateException(failure));
        }
    }

    private RunResult attempts(RunRow run, Work work, WorkLocks locks, String who, Catalog catalog)
            throws SQLException {
        locks.markAlive(run.run());
        // A child's at-most is its own: neither this run nor the next child may end with it.
        Attempts.Surroundings surroundings = new Attempts.Surroundings(
                workplace,
                stop,
                progress,
                attempt -> new Children(
                        workplace, run, who, catalog, () -> new RunStart(workplace, attempt.within(), progress)));
        return new Attempts(surroundings, run, work, locks, catalog.statements()).run(who);
    }
}
