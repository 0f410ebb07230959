package io.nightshift.step;

import java.util.Map;

/** Starts another job as a run of its own that belongs to a step of this one. */
public interface ChildRuns {

    /**
     * Runs the job to its end, or continues the run that an earlier attempt of this step began.
     *
     * @return the child's run number
     * @throws io.nightshift.problem.ProblemException when it fails, or is refused
     * @throws org.springframework.batch.core.job.JobInterruptedException when it was stopped
     */
    long run(String step, String job, Map<String, String> parameters)
            throws org.springframework.batch.core.job.JobInterruptedException;
}
