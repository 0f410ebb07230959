package io.nightshift.schedule;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/** Runs a job for a slot, and returns when it has ended. */
interface Launch {

    Outcome run(String job, Instant slot);

    /** Stops what runs at the next chunk boundary, and whatever would still begin. */
    default void requestStop(String reason) {}

    /** Stops what runs at once; its chunks are rolled back. */
    default void stopNow(String reason) {}

    /** What came of it, never STARTED. */
    record Outcome(FireRow.State state, OptionalLong run, Optional<String> reason) {

        static Outcome of(FireRow.State state, String reason) {
            return new Outcome(state, OptionalLong.empty(), Optional.of(reason));
        }
    }
}
