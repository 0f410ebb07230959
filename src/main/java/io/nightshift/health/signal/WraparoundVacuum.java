package io.nightshift.health.signal;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Supplier;

/**
 * An autovacuum against wraparound on a table that is worked on. It gives way to nobody, and every row that is changed
 * meanwhile is more for it to do. What the worker is at is hidden from a role without {@code pg_monitor}; its lock and
 * the age of the table are not, and they tell as much.
 */
record WraparoundVacuum(Supplier<List<String>> tables) implements Signal {

    private static final String UNDER_WAY =
            """
            /* nightshift: health.wraparoundVacuum */
            WITH RECURSIVE touched (oid) AS (
              SELECT to_regclass(name)::oid
              FROM unnest(?::text[]) name
              WHERE to_regclass(name) IS NOT NULL
              UNION
              SELECT i.inhrelid
              FROM touched t
                JOIN pg_inherits i ON i.inhparent = t.oid
            ), stored (oid, of) AS (
              SELECT oid, oid
              FROM touched
              UNION ALL
              SELECT c.reltoastrelid, c.oid
              FROM touched t
                JOIN pg_class c ON c.oid = t.oid
              WHERE c.reltoastrelid <> 0
            )
            SELECT s.of::regclass::text, age(c.relfrozenxid)
            FROM stored s
              JOIN pg_class c ON c.oid = s.oid
              JOIN pg_locks l ON l.relation = s.oid
              JOIN pg_stat_activity a ON a.pid = l.pid
            WHERE l.locktype = 'relation'
              AND l.mode = 'ShareUpdateExclusiveLock'
              AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
              AND a.usesysid IS NULL
              AND (
                a.query LIKE 'autovacuum: VACUUM % (to prevent wraparound)'
                OR a.query NOT LIKE 'autovacuum: %' AND (
                  age(c.relfrozenxid) > least(
                    current_setting('autovacuum_freeze_max_age')::bigint,
                    (SELECT option_value::bigint
                      FROM pg_options_to_table(c.reloptions)
                      WHERE option_name = 'autovacuum_freeze_max_age'))
                  OR mxid_age(c.relminmxid) > least(
                    current_setting('autovacuum_multixact_freeze_max_age')::bigint,
                    (SELECT option_value::bigint
                      FROM pg_options_to_table(c.reloptions)
                      WHERE option_name = 'autovacuum_multixact_freeze_max_age'))
                )
              )
            LIMIT 1""";

    @Override
    public String name() {
        return "wraparound vacuum";
    }

    @Override
    public Sight look(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(UNDER_WAY)) {
            Array names = connection.createArrayOf("text", tables.get().toArray());
            select.setArray(1, names);
            try (ResultSet row = select.executeQuery()) {
                return row.next()
                        ? Sight.hold("a vacuum against wraparound is at work on %s, whose age is %,d transactions"
                                .formatted(row.getString(1), row.getLong(2)))
                        : Sight.CLEAR;
            }
        }
    }
}
