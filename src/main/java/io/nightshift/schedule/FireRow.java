package io.nightshift.schedule;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What became of one slot.
 *
 * @param run        the run that was begun or continued for it
 * @param node       the process that recorded it
 * @param reason     why it did not end well, or was not run at all
 * @param recordedAt when its state was written down last
 */
public record FireRow(
        String job,
        Instant slot,
        State state,
        OptionalLong run,
        String node,
        Optional<String> reason,
        Instant recordedAt) {

    /** Where a slot stands. */
    public enum State {
        /** A node has taken it and its run is under way. */
        STARTED,
        /** Its run is complete. */
        DONE,
        /** Its run failed, was stopped, or was refused. */
        FAILED,
        /** Nobody was there in time. */
        MISSED,
        /** The job was still running. */
        OVERLAPPED
    }
}
