package io.nightshift.health;

import io.nightshift.job.Holds;
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
        Optional<String> check) {

    static Limits of(HealthSettings settings, Holds job) {
        return new Limits(
                settings.every(),
                job.atMost().orElse(settings.atMost()),
                job.replicaLag().orElse(settings.replicaLag()),
                job.retainedWal().orElse(settings.retainedWal().toBytes()),
                job.lockQueue().orElse(settings.lockQueue()),
                job.yieldAfter().orElse(settings.yieldAfter()),
                job.wraparoundVacuum().orElse(settings.wraparoundVacuum()),
                job.walRate().orElse(settings.walRate().toBytes()),
                job.check().or(settings::check).filter(id -> !id.isEmpty()));
    }
}
