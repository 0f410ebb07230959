package io.nightshift.run.books;

import io.nightshift.chunk.Counts;
import io.nightshift.problem.ExitCode;
import io.nightshift.problem.Problem;
import java.util.List;
import java.util.Optional;

/**
 * How a run stands after an attempt: the content of the final document of {@code run --json}.
 *
 * @param status   COMPLETED, FAILED or STOPPED
 * @param attempts how many there were, this one included
 * @param seconds  of all attempts together
 * @param rows     sums over all steps
 * @param problems why it failed or stopped, the first one first
 * @param files    what was written for people to look at, as absolute paths
 */
public record RunResult(
        long run,
        String job,
        String status,
        ExitCode exit,
        int attempts,
        double seconds,
        Counts rows,
        List<StepResult> steps,
        List<Problem> problems,
        List<String> files) {

    /** The first of the problems; empty when it went well. */
    public Optional<Problem> problem() {
        return problems.stream().findFirst();
    }

    /**
     * One step.
     *
     * @param retries attempts after the first one in which it was at work
     * @param seconds of all attempts together, without the time between them
     */
    public record StepResult(
            String name, String kind, String status, Counts rows, long chunks, long retries, double seconds) {}
}
