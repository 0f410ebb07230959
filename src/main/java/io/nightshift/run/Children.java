package io.nightshift.run;

import io.nightshift.chunk.Counts;
import io.nightshift.chunk.Progress;
import io.nightshift.chunk.StopSignal;
import io.nightshift.problem.ExitCode;
import io.nightshift.problem.Problem;
import io.nightshift.problem.ProblemException;
import io.nightshift.problem.Problems;
import io.nightshift.step.ChildRuns;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.batch.core.job.JobInterruptedException;

/** The runs that the steps of a run begin. */
final class Children implements ChildRuns {

    private final RunRow parent;
    private final String who;
    private final Workplace workplace;
    private final StopSignal stop;
    private final Progress progress;

    Children(RunRow parent, String who, Workplace workplace, StopSignal stop, Progress progress) {
        this.parent = parent;
        this.who = who;
        this.workplace = workplace;
        this.stop = stop;
        this.progress = progress;
    }

    @Override
    public Counts run(String step, String job, Map<String, String> parameters) throws JobInterruptedException {
        StopSignal own = stop.inner();
        RunStart start = new RunStart(workplace, own, progress);
        try {
            Optional<RunRow> earlier = workplace.runs().childOf(parent.run(), step);
            if (earlier.filter(run -> run.state().equals("COMPLETED")).isPresent()) {
                return new Results(workplace.database()).rows(earlier.get().run());
            }
            RunResult result = earlier.filter(RunRow::unfinished).isPresent()
                    ? start.resume(earlier.get().run(), who)
                    : begin(start, step, job, parameters);
            return judge(result, own);
        } catch (SQLException failure) {
            throw new ProblemException(ExitCode.FAILED, "step " + step, Failures.words(failure), "");
        }
    }

    private RunResult begin(RunStart start, String step, String job, Map<String, String> parameters)
            throws SQLException {
        Problems problems = new Problems();
        Catalog catalog = Catalog.of(workplace.home(), workplace.kinds(), problems);
        catalog.throwIfAny(job, problems);
        Map<String, List<String>> arguments = parameters.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> List.of(entry.getValue())));
        StartRequest request = new StartRequest(
                job, arguments, false, Optional.empty(), workplace.home().root(), Optional.empty(), who);
        return start.start(
                request, catalog, Optional.of(new Runs.Parent(parent.run(), step)), Optional.of(parent.asOf()));
    }

    private Counts judge(RunResult result, StopSignal own) throws JobInterruptedException {
        if (result.status().equals("STOPPED")) {
            throw new JobInterruptedException(own.reason().orElse("stopped"));
        }
        if (result.exit() != ExitCode.DONE) {
            Problem why = result.problem().orElse(new Problem("Job " + result.job(), "failed", ""));
            throw new ProblemException(ExitCode.FAILED, List.of(why), null);
        }
        return result.rows();
    }
}
