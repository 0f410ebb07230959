package io.nightshift.health;

import io.nightshift.health.signal.Limits;
import io.nightshift.job.Holds;
import java.time.Duration;
import java.util.Optional;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * When runs wait between two chunks. Zero switches a signal off.
 *
 * @param every            how often the signals are looked at
 * @param atMost           the longest time that a run waits in one go; then it stops and can be resumed
 * @param replicaLag       how far the replay of a replica may be behind
 * @param retainedWal      how much WAL a replication slot may retain
 * @param lockQueue        how long another session may wait for a lock of ours before no further chunk begins
 * @param yieldAfter       how long it may wait before the statement that keeps it waiting is cancelled
 * @param wraparoundVacuum whether to wait for a vacuum against wraparound on a table that is worked on
 * @param walRate          how much WAL the server may write per second
 * @param check            a statement in a mapper whose rows are reasons to wait
 */
@ConfigurationProperties(prefix = "nightshift.health")
record HealthSettings(
        @DefaultValue("1s") Duration every,
        @DefaultValue("30m") Duration atMost,
        @DefaultValue("10s") Duration replicaLag,
        @DefaultValue("10GB") DataSize retainedWal,
        @DefaultValue("200ms") Duration lockQueue,
        @DefaultValue("1s") Duration yieldAfter,
        @DefaultValue("true") boolean wraparoundVacuum,
        @DefaultValue("0B") DataSize walRate,
        @DefaultValue Optional<String> check) {

    private static final Duration SHORTEST = Duration.ofMillis(100);

    HealthSettings {
        if (every.compareTo(SHORTEST) < 0) {
            throw new IllegalArgumentException("every %s is too often; 100ms is the least.".formatted(every));
        }
        for (Duration duration : new Duration[] {atMost, replicaLag, lockQueue, yieldAfter}) {
            if (duration.isNegative()) {
                throw new IllegalArgumentException("a time of %s is not possible.".formatted(duration));
            }
        }
    }

    /** Where holds begin for one run: what its job says, and these for the rest. */
    Limits limits(Holds job) {
        return new Limits(
                every,
                job.atMost().orElse(atMost),
                job.replicaLag().orElse(replicaLag),
                job.retainedWal().orElse(retainedWal.toBytes()),
                job.lockQueue().orElse(lockQueue),
                job.yieldAfter().orElse(yieldAfter),
                job.wraparoundVacuum().orElse(wraparoundVacuum),
                job.walRate().orElse(walRate.toBytes()),
                job.check().or(() -> check).filter(id -> !id.isEmpty()));
    }
}
