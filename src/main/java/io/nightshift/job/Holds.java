package io.nightshift.job;

import java.time.Duration;
import java.util.Optional;

/**
 * What a job says of its own about when its runs wait; the settings hold where it says nothing. Zero, and an empty text,
 * switch a signal off.
 *
 * @param replicaLag       how far the replay of a replica may be behind
 * @param retainedWal      how many bytes of WAL a replication slot may retain
 * @param lockQueue        how long another session may wait for a lock of ours before no further chunk begins
 * @param yieldAfter       how long it may wait before the statement that keeps it waiting is cancelled
 * @param wraparoundVacuum whether to wait for a vacuum against wraparound on a table that is worked on
 * @param walRate          how many bytes of WAL the server may write per second
 * @param check            the statement whose rows are reasons to wait
 * @param atMost           the longest time a run waits in one go
 */
public record Holds(
        Optional<Duration> replicaLag,
        Optional<Long> retainedWal,
        Optional<Duration> lockQueue,
        Optional<Duration> yieldAfter,
        Optional<Boolean> wraparoundVacuum,
        Optional<Long> walRate,
        Optional<String> check,
        Optional<Duration> atMost) {

    /** The settings hold. */
    public static final Holds NONE = new Holds(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
}
