package io.nightshift.run.replay;

import io.nightshift.chunk.Counts;
import io.nightshift.chunk.Progress;
import io.nightshift.chunk.ReplayChunks;
import io.nightshift.chunk.ReplayWork;
import io.nightshift.chunk.StopSignal;
import io.nightshift.job.JobDefinition;
import io.nightshift.job.ParameterDefinition;
import io.nightshift.job.ParameterValues;
import io.nightshift.job.StepDefinition;
import io.nightshift.job.file.JobFile;
import io.nightshift.problem.ExitCode;
import io.nightshift.problem.ProblemException;
import io.nightshift.problem.Problems;
import io.nightshift.run.attempt.Workplace;
import io.nightshift.run.books.FrozenContent;
import io.nightshift.run.books.Replays;
import io.nightshift.run.books.RunRow;
import io.nightshift.run.claim.AttemptStart;
import io.nightshift.run.claim.WorkLocks;
import io.nightshift.run.work.Catalog;
import io.nightshift.run.work.WithoutAttempt;
import io.nightshift.run.work.Work;
import io.nightshift.step.ListedKeys;
import io.nightshift.step.StepContext;
import io.nightshift.step.StepKind;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Tries the open rejects of a run, and of the runs that its steps began, again: with its parameters and its {@code now},
 * under the lock of the work and a new fencing token, and nothing but these rows.
 */
public final class ReplayRun {

    private final Workplace workplace;
    private final ReplayRequest request;
    private final StopSignal stop;
    private final Progress progress;
    private final Replays replays;

    public ReplayRun(Workplace workplace, ReplayRequest request, StopSignal stop, Progress progress) {
        this.workplace = workplace;
        this.request = request;
        this.stop = stop;
        this.progress = progress;
        this.replays = new Replays(workplace.database());
    }

    /** One run of the family, with what it is done by. */
    record Member(RunRow row, Work work, Catalog catalog, Map<String, Long> open) {}

    public ReplayResult run() throws SQLException {
        workplace.runs().get(request.run());
        List<Member> members = members();
        Map<String, WorkLocks> held = new LinkedHashMap<>();
        try {
            for (Member member : members) {
                lock(member, held);
            }
            List<ReplayResult.StepReplay> steps = new ArrayList<>();
            for (Member member : members) {
                steps.addAll(replay(member, held.get(lockName(member))));
            }
            long open = replays.open(request.run()).stream()
                    .mapToLong(Replays.Open::count)
                    .sum();
            Counts sum = steps.stream().map(ReplayResult.StepReplay::counts).reduce(Counts.ZERO, Counts::plus);
            return new ReplayResult(request.run(), sum, open, steps, stop.reason());
        } finally {
            held.values().forEach(WorkLocks::close);
        }
    }

    private List<Member> members() {
        Map<Long, Map<String, Long>> byRun = new LinkedHashMap<>();
        replays.open(request.run()).forEach(open -> byRun.computeIfAbsent(open.run(), run -> new LinkedHashMap<>())
                .put(open.step(), open.count()));
        List<Member> members = new ArrayList<>();
        byRun.forEach((run, open) -> members.add(member(run, open)));
        return members;
    }

    private Member member(long run, Map<String, Long> open) {
        RunRow row = workplace.runs().get(run);
        List<Map.Entry<String, String>> frozen = new FrozenContent(workplace.database()).of(run);
        Problems problems = new Problems();
        Catalog catalog = request.frozen()
                ? Catalog.frozen(frozen, workplace.kinds())
                : Catalog.of(workplace.home(), workplace.kinds(), problems);
        JobFile file = catalog.job(row.job());
        catalog.throwIfAny(row.job(), problems);
        Optional<ListedKeys> listed = Work.listed(frozen);
        Work work = Work.of(file, values(file, row), catalog, listed);
        open.keySet().forEach(step -> step(work.definition(), step));
        return able(new Member(row, work, catalog, open));
    }

    /** The run's own values; parameters that the job has got since take their defaults, those it has lost are gone. */
    private ParameterValues values(JobFile file, RunRow row) {
        ParameterValues own = Work.values(row.parameters());
        if (request.frozen()) {
            return own;
        }
        Set<String> declared = new HashSet<>();
        file.parameters().forEach(parameter -> declared.add(parameter.name()));
        Map<String, List<String>> values = new TreeMap<>(own.values());
        values.keySet().retainAll(declared);
        ParameterValues defaults = file.sampleValues();
        for (ParameterDefinition parameter : file.parameters()) {
            if (!values.containsKey(parameter.name())) {
                if (parameter.defaultValue().isPresent()) {
                    values.put(parameter.name(), defaults.find(parameter.name()).orElseThrow());
                }
                if (parameter.required()) {
                    throw new ProblemException(
                            ExitCode.REFUSED,
                            "Run %d of %s".formatted(row.run(), row.job()),
                            "has no value for the parameter \"" + parameter.name() + "\" that its job needs now",
                            "Nothing was changed. Try them as the run was frozen: nightshift rejects %d --replay --frozen"
                                    .formatted(row.run()));
                }
            }
        }
        return new ParameterValues(values);
    }

    private StepDefinition step(JobDefinition job, String name) {
        return job.steps().stream()
                .filter(step -> step.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new ProblemException(
                        ExitCode.REFUSED,
                        job.file(),
                        "has no step \"" + name + "\" any more, whose rejects are to be tried again",
                        "Nothing was changed. Try them as the run was frozen: nightshift rejects %d --replay --frozen"
                                .formatted(request.run())));
    }

    /** Two runs of the family may be runs of the same job, whose lock is taken once. */
    private void lock(Member member, Map<String, WorkLocks> held) throws SQLException {
        String name = lockName(member);
        if (held.containsKey(name)) {
            return;
        }
        WorkLocks locks = WorkLocks.connect(workplace.database(), member.row().job());
        held.put(name, locks);
        locks.takeOrRefuse(member.work().key(), member.work().sideBySide());
    }

    private static String lockName(Member member) {
        return member.row().job()
                + (member.work().sideBySide() ? " " + member.work().key() : "");
    }

    private List<ReplayResult.StepReplay> replay(Member member, WorkLocks locks) throws SQLException {
        RunRow run = member.row();
        // Whatever a dead process has left at work on this run can commit nothing any more.
        long token = new AttemptStart(workplace.database()).shutOut(run);
        long replay = replays.begin(
                run.run(),
                request.who(),
                member.open().values().stream().mapToLong(Long::longValue).sum(),
                member.catalog().texts(member.work().file()),
                request.frozen() ? "as the run was frozen" : "with the job file and statements of the home");
        List<ReplayResult.StepReplay> steps = new ArrayList<>();
        for (Map.Entry<String, Long> open : member.open().entrySet()) {
            StepContext context = context(member, open.getKey(), token);
            ReplayChunks chunks = new ReplayChunks(
                    context.environment(),
                    replay,
                    work(member, open.getKey(), context).orElseThrow());
            String kind = workplace.kinds().word(step(member.work().definition(), open.getKey()));
            progress.stepStarted(open.getKey(), kind, open.getValue(), false, Counts.ZERO);
            ReplayStep.Trial trial = new ReplayStep.Trial(context.environment().assignment(), chunks, open.getValue());
            Counts counts = new ReplayStep(workplace, request, stop, progress).run(trial, member, locks);
            steps.add(new ReplayResult.StepReplay(run.run(), run.job(), open.getKey(), counts));
        }
        replays.end(replay);
        return steps;
    }

    private Optional<ReplayWork> work(Member member, String step, StepContext context) {
        return workplace
                .kinds()
                .replay(step(member.work().definition(), step), context, new StepKind.Replaying(request.overwrite()));
    }

    /** Leaves out the steps whose kind cannot try its rejects again by themselves; they stay open. */
    private Member able(Member member) {
        Map<String, Long> open = new LinkedHashMap<>(member.open());
        open.keySet()
                .removeIf(step -> work(member, step, context(member, step, 0)).isEmpty());
        if (open.isEmpty()) {
            StepDefinition step = step(
                    member.work().definition(),
                    member.open().keySet().iterator().next());
            throw new ProblemException(
                    ExitCode.REFUSED,
                    step.where(),
                    "rejects of a step of kind %s cannot be tried again by themselves"
                            .formatted(workplace.kinds().word(step)),
                    "Nothing was changed. When the cause is mended, start the job anew: nightshift run %s --new"
                            .formatted(member.row().job()));
        }
        return new Member(member.row(), member.work(), member.catalog(), open);
    }

    private StepContext context(Member member, String step, long token) {
        RunRow run = member.row();
        return new WithoutAttempt(
                        workplace.home(), workplace.database(), member.catalog(), member.work(), stop, progress)
                .context(
                        member.work().assignment(workplace.database().schema(), step, run.run(), 0, token),
                        new StepContext.Frozen(run.now(), run.asOf()));
    }
}
