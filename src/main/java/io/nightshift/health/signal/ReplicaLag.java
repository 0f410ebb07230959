package io.nightshift.health.signal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;

/**
 * How far the replay of replicas and subscribers is behind. The server gives a time only when there is something to
 * replay; a replica that stands still shows a growing one, which is what PostgreSQL interpolates.
 */
record ReplicaLag(Duration limit) implements Signal {

    private static final String WORST =
            """
            /* nightshift: health.replicaLag */
            SELECT count(*),
              count(*) FILTER (WHERE state IS NULL),
              (max(ARRAY[lpad((extract(epoch FROM replay_lag) * 1000)::bigint::text, 18, '0'), application_name])
                FILTER (WHERE replay_lag IS NOT NULL)),
              current_user
            FROM pg_stat_replication
            WHERE state IS DISTINCT FROM 'backup'""";

    @Override
    public String name() {
        return "replica lag";
    }

    @Override
    public Sight look(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(WORST);
                ResultSet row = select.executeQuery()) {
            row.next();
            if (row.getLong(2) > 0) {
                return Sight.unseen("%s connected, but the role %s may not see how far behind; grant it pg_monitor"
                        .formatted(
                                row.getLong(1) == 1 ? "a replica is" : row.getLong(1) + " replicas are",
                                row.getString(4)));
            }
            if (row.getArray(3) == null) {
                return Sight.CLEAR;
            }
            String[] worst = (String[]) row.getArray(3).getArray();
            Duration lag = Duration.ofMillis(Long.parseLong(worst[0]));
            return lag.compareTo(limit) <= 0
                    ? Sight.CLEAR
                    : Sight.hold(
                            "replica %s is %s behind (limit %s)".formatted(worst[1], Amount.of(lag), Amount.of(limit)));
        }
    }
}
