package io.nightshift.health.signal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** How much WAL the server keeps because of a replication slot. Everybody may see that. */
record RetainedWal(long limit) implements Signal {

    private static final String WORST =
            """
            /* nightshift: health.retainedWal */
            SELECT slot_name, active, pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)::bigint
            FROM pg_replication_slots
            WHERE restart_lsn IS NOT NULL
            ORDER BY restart_lsn
            LIMIT 1""";

    @Override
    public String name() {
        return "WAL retained by slots";
    }

    @Override
    public Sight look(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(WORST);
                ResultSet row = select.executeQuery()) {
            if (!row.next() || row.getLong(3) <= limit) {
                return Sight.CLEAR;
            }
            return Sight.hold("replication slot %s, %s, retains %s of WAL (limit %s)"
                    .formatted(
                            row.getString(1),
                            row.getBoolean(2) ? "which is in use" : "which nobody reads",
                            Amount.bytes(row.getLong(3)),
                            Amount.bytes(limit)));
        }
    }
}
