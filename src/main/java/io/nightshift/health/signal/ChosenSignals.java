package io.nightshift.health.signal;

import io.nightshift.sql.BoundSql;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What one run is watched for.
 *
 * @param sessions how the names of its sessions begin
 * @param check    the operator's own statement, with its values
 * @param tables   those that are worked on now
 * @param yields   is told of each statement that is cancelled because others wait for its locks
 */
public record ChosenSignals(
        String sessions, Optional<BoundSql> check, Supplier<List<String>> tables, Consumer<String> yields) {

    /**
     * Those that are not switched off.
     *
     * @param tick how often it is looked whether somebody waits for a lock of ours
     */
    public List<Watched> within(Limits limits, Duration tick) {
        List<Watched> signals = new ArrayList<>();
        if (!limits.lockQueue().isZero() || !limits.yieldAfter().isZero()) {
            LockQueue queue = new LockQueue(sessions, limits.lockQueue(), limits.yieldAfter(), yields);
            signals.add(new Watched(queue, tick));
        }
        if (!limits.replicaLag().isZero()) {
            signals.add(new Watched(new ReplicaLag(limits.replicaLag()), limits.every()));
        }
        if (limits.retainedWal() > 0) {
            signals.add(new Watched(new RetainedWal(limits.retainedWal()), limits.every()));
        }
        if (limits.wraparoundVacuum()) {
            signals.add(new Watched(new WraparoundVacuum(tables), limits.every()));
        }
        if (limits.walRate() > 0) {
            signals.add(new Watched(new WalRate(limits.walRate()), limits.every()));
        }
        check.ifPresent(
                bound -> signals.add(new Watched(new OwnCheck(limits.check().orElseThrow(), bound), limits.every())));
        return signals;
    }
}
