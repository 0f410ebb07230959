package io.nightshift.run;

import java.time.Instant;
import java.util.Optional;

/** A run as it stands in the table {@code run}. */
record RunRow(
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
        Optional<Instant> stopRequestedAt) {

    boolean unfinished() {
        return state.equals("STARTED") || state.equals("FAILED") || state.equals("STOPPED");
    }
}
