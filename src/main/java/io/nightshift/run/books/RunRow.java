package io.nightshift.run.books;

import java.time.Instant;
import java.util.Optional;

/**
 * A run as it stands in the table {@code run}.
 *
 * @param refused whether it ended before it did anything, because its content does not fit or a guard refused it
 */
public record RunRow(
        long run,
        String job,
        String work,
        String parameters,
        Instant now,
        Instant asOf,
        String state,
        Instant startedAt,
        String contentHash,
        String who,
        String host,
        boolean refused,
        Optional<Instant> stopRequestedAt) {

    /** Whether it can be continued. */
    public boolean unfinished() {
        return !refused && (state.equals("STARTED") || state.equals("FAILED") || state.equals("STOPPED"));
    }
}
