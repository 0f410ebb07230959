package io.nightshift.health.signal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Sessions of others that wait for a lock which a chunk of this run holds. Above one limit no further chunk begins; above
 * another the chunk's statement is cancelled, so that its locks are given back.
 */
final class LockQueue implements Signal {

    private static final String WAITING =
            """
            /* nightshift: health.lockQueue */
            SELECT w.pid, coalesce(nullif(a.application_name, ''), 'without a name'), a.usename,
              (extract(epoch FROM clock_timestamp() - w.waitstart) * 1000)::bigint, o.pid, w.waitstart::text
            FROM pg_locks w
              JOIN pg_stat_activity a ON a.pid = w.pid
              CROSS JOIN LATERAL unnest(pg_blocking_pids(w.pid)) AS b (pid)
              JOIN pg_stat_activity o ON o.pid = b.pid
            WHERE NOT w.granted
              AND w.waitstart IS NOT NULL
              AND a.application_name <> 'nightshift'
              AND NOT starts_with(a.application_name, 'nightshift ')
              AND o.usename = current_user
              AND o.datname = current_database()
              AND starts_with(o.application_name, left(?, 63))
            ORDER BY w.waitstart""";

    private final String sessions;
    private final Duration holdAfter;
    private final Duration yieldAfter;
    private final Consumer<String> yields;
    private String toldOf = "";

    /**
     * @param sessions   how the names of this run's sessions begin
     * @param holdAfter  zero for never
     * @param yieldAfter zero for never
     * @param yields     is told of each statement that is cancelled
     */
    LockQueue(String sessions, Duration holdAfter, Duration yieldAfter, Consumer<String> yields) {
        this.sessions = sessions;
        this.holdAfter = holdAfter;
        this.yieldAfter = yieldAfter;
        this.yields = yields;
    }

    private record Waiting(int pid, String name, String user, Duration since, int ours, String start) {

        String words() {
            return "session %d (%s, of %s)".formatted(pid, name, user);
        }

        boolean over(Duration limit) {
            return !limit.isZero() && since.compareTo(limit) >= 0;
        }
    }

    @Override
    public String name() {
        return "lock queue";
    }

    @Override
    public Sight look(Connection connection) throws SQLException {
        List<Waiting> waiting = waiting(connection);
        for (Waiting one : waiting) {
            if (one.over(yieldAfter)) {
                yieldTo(connection, one);
            }
        }
        return waiting.stream()
                .filter(one -> one.over(holdAfter))
                .findFirst()
                .map(first -> Sight.hold("%s has waited %s for a lock of ours%s (limit %s)"
                        .formatted(
                                first.words(),
                                Amount.of(first.since()),
                                waiting.size() > 1 ? ", and " + (waiting.size() - 1) + " more wait" : "",
                                Amount.of(holdAfter))))
                .orElse(Sight.CLEAR);
    }

    private List<Waiting> waiting(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(WAITING)) {
            select.setString(1, sessions);
            try (ResultSet row = select.executeQuery()) {
                List<Waiting> waiting = new ArrayList<>();
                while (row.next()) {
                    waiting.add(new Waiting(
                            row.getInt(1),
                            row.getString(2),
                            row.getString(3),
                            Duration.ofMillis(Math.max(0, row.getLong(4))),
                            row.getInt(5),
                            row.getString(6)));
                }
                return waiting;
            }
        }
    }

    /** Between two statements a session has nothing to cancel; then the next look tries again. */
    private void yieldTo(Connection connection, Waiting one) throws SQLException {
        try (PreparedStatement cancel =
                connection.prepareStatement("/* nightshift: health.yield */ SELECT pg_cancel_backend(?)")) {
            cancel.setInt(1, one.ours());
            cancel.execute();
        }
        String wait = one.ours() + " " + one.pid() + " " + one.start();
        if (!wait.equals(toldOf)) {
            toldOf = wait;
            yields.accept("cancelled our statement: %s had waited %s for its lock (limit %s)"
                    .formatted(one.words(), Amount.of(one.since()), Amount.of(yieldAfter)));
        }
    }
}
