package io.nightshift.health.signal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * How much WAL the server writes per second, over the last few seconds. It is the whole server's, our own share
 * included: PostgreSQL counts no single session's before version 18.
 */
final class WalRate implements Signal {

    private static final Duration WINDOW = Duration.ofSeconds(10);

    private final long limit;
    private final Deque<Sample> samples = new ArrayDeque<>();

    private record Sample(long nanos, long position) {}

    WalRate(long limit) {
        this.limit = limit;
    }

    @Override
    public String name() {
        return "WAL rate";
    }

    @Override
    public Sight look(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                        """
                        /* nightshift: health.walRate */
                        SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint""");
                ResultSet row = select.executeQuery()) {
            row.next();
            return judge(new Sample(System.nanoTime(), row.getLong(1)));
        }
    }

    private Sight judge(Sample now) {
        samples.addLast(now);
        // One sample older than the window stays: it is where the window begins.
        while (samples.size() > 2 && now.nanos() - second().nanos() >= WINDOW.toNanos()) {
            samples.removeFirst();
        }
        Sample first = samples.getFirst();
        if (first == now) {
            return Sight.CLEAR;
        }
        long rate = (long) ((now.position() - first.position()) * 1e9 / (now.nanos() - first.nanos()));
        return rate <= limit
                ? Sight.CLEAR
                : Sight.hold("the server writes %s of WAL per second (limit %s)"
                        .formatted(Amount.bytes(rate), Amount.bytes(limit)));
    }

    private Sample second() {
        return samples.stream().skip(1).findFirst().orElseThrow();
    }
}
