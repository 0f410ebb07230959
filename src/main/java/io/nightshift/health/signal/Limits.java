package io.nightshift.health.signal;

import java.time.Duration;
import java.util.Optional;

/**
 * Where holds begin for one run: what its job says, and the settings for the rest. Zero, or an empty Optional, is off.
 *
 * @param check the id of the operator's own statement
 */
public record Limits(
        Duration every,
        Duration atMost,
        Duration replicaLag,
        long retainedWal,
        Duration lockQueue,
        Duration yieldAfter,
        boolean wraparoundVacuum,
        long walRate,
        Optional<String> check) {}
