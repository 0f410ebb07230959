package io.nightshift.job;

/**
 * What every step that works in chunks may set; the job's own value where the step is silent.
 *
 * @param connections how many chunks are in work at the same time, at least 1
 * @param chunk       rows, keys or records of one chunk, at least 1
 * @param guards      how many rows it may have
 */
public record StepOptions(int connections, int chunk, Guards guards) {

    public StepOptions(int connections, int chunk) {
        this(connections, chunk, Guards.NONE);
    }
}
