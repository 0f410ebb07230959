package io.nightshift.run;

import io.nightshift.chunk.Counts;
import io.nightshift.chunk.SqlState;
import io.nightshift.problem.ExitCode;
import io.nightshift.problem.Problem;
import io.nightshift.problem.ProblemException;
import io.nightshift.run.attempt.Workplace;
import io.nightshift.run.books.NewRun;
import io.nightshift.run.books.Results;
import io.nightshift.run.books.RunResult;
import io.nightshift.run.books.RunRow;
import io.nightshift.run.work.Catalog;
import io.nightshift.run.work.StartRequest;
import io.nightshift.step.ChildRuns;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.springframework.batch.core.job.JobInterruptedException;

/** The runs that the steps of a run begin. */
final class Children implements ChildRuns {

    private final Workplace workplace;
    private final RunRow parent;
    private final String who;
    private final Catalog catalog;
    private final Supplier<RunStart> starts;

    /**
     * @param catalog with the jobs as they are frozen into the parent
     * @param starts  a start for each child, with a stop signal of its own
     */
    Children(Workplace workplace, RunRow parent, String who, Catalog catalog, Supplier<RunStart> starts) {
        this.workplace = workplace;
        this.parent = parent;
        this.who = who;
        this.catalog = catalog;
        this.starts = starts;
    }

    @Override
    public Counts run(String step, String job, Map<String, String> parameters) throws JobInterruptedException {
        try {
            Optional<RunRow> earlier = workplace.runs().childOf(parent.run(), step);
            if (earlier.filter(run -> run.state().equals("COMPLETED")).isPresent()) {
                return new Results(workplace.database()).rows(earlier.get().run());
            }
            RunResult result = earlier.filter(RunRow::unfinished).isPresent()
                    ? starts.get().resume(earlier.get().run(), who, false)
                    : begin(step, job, parameters);
            return judge(result);
        } catch (SQLException failure) {
            throw new ProblemException(ExitCode.FAILED, "step " + step, SqlState.words(failure), "");
        }
    }

    private RunResult begin(String step, String job, Map<String, String> parameters) throws SQLException {
        Map<String, List<String>> arguments = parameters.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> List.of(entry.getValue())));
        StartRequest request = new StartRequest(
                job, arguments, false, Optional.empty(), workplace.home().root(), Optional.empty(), who);
        return starts.get()
                .start(
                        request,
                        catalog,
                        Optional.of(new NewRun.Parent(parent.run(), step)),
                        Optional.of(parent.asOf()));
    }

    private static Counts judge(RunResult result) throws JobInterruptedException {
        if (result.status().equals("STOPPED")) {
            throw new JobInterruptedException("job " + result.job() + " "
                    + result.problem().map(Problem::what).orElse("stopped"));
        }
        if (result.exit() != ExitCode.DONE) {
            List<Problem> why = result.problems().isEmpty()
                    ? List.of(new Problem("Job " + result.job(), "failed", ""))
                    : result.problems();
            boolean refused = result.exit() == ExitCode.USAGE || result.exit() == ExitCode.REFUSED;
            throw new ProblemException(refused ? result.exit() : ExitCode.FAILED, why, null);
        }
        return result.rows();
    }
}
