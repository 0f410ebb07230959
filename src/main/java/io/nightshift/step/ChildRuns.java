package io.nightshift.step;

import io.nightshift.chunk.Counts;
import java.util.Map;
import org.springframework.batch.core.job.JobInterruptedException;

/** Starts another job as a run of its own that belongs to a step of this one. */
public interface ChildRuns {

    /**
     * Runs the job to its end, or continues the run that an earlier attempt of this step began.
     *
     * @return what became of its records and keys
     * @throws io.nightshift.problem.ProblemException when it fails, or is refused
     * @throws JobInterruptedException when it was stopped
     */
    Counts run(String step, String job, Map<String, String> parameters) throws JobInterruptedException;
}
