package io.nightshift.job;

import java.util.OptionalLong;

/**
 * What every step that works in chunks may set; the job's own value where the step is silent.
 *
 * @param connections how many chunks are in work at the same time, at least 1
 * @param chunk       rows, keys or records of one chunk, at least 1
 * @param guards      how many rows it may have
 * @param rate        records or keys per second, all connections together; as fast as possible where it is empty
 */
public record StepOptions(int connections, int chunk, Guards guards, OptionalLong rate) {

    /** As many rows as there are, as fast as possible. */
    public StepOptions(int connections, int chunk) {
        this(connections, chunk, Guards.NONE, OptionalLong.empty());
    }
}
