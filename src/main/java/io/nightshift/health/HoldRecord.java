package io.nightshift.health;

import io.nightshift.health.signal.Amount;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes down when a run waits, why, and for how long. Used by one thread. */
final class HoldRecord {

    /** A shorter hold is no event of its own; they are counted and told at the end. */
    private static final Duration BRIEF = Duration.ofSeconds(1);

    private final String schema;
    private final long run;
    private @Nullable Instant since;
    private Set<String> written = Set.of();
    private final Set<String> everUnseen = new HashSet<>();
    private Row row = new Row(null, List.of(), List.of());
    private int briefHolds;
    private Duration brief = Duration.ZERO;

    HoldRecord(String schema, long run) {
        this.schema = schema;
        this.run = run;
    }

    private record Row(@Nullable Instant since, List<String> reasons, List<String> unseen) {}

    /**
     * Takes what one look has shown.
     *
     * @param reasons to wait, by the names of their signals, in order
     * @param unseen  what cannot be seen, by the names of the signals
     * @return what of that was never told before
     */
    List<String> update(Connection connection, String step, Map<String, String> reasons, Map<String, String> unseen)
            throws SQLException {
        Instant now = Instant.now();
        if (reasons.isEmpty()) {
            end(connection, step, now);
        } else {
            hold(connection, step, reasons, now);
        }
        List<String> texts = new ArrayList<>();
        List<String> fresh = new ArrayList<>();
        for (Map.Entry<String, String> one : unseen.entrySet()) {
            String text = one.getKey() + ": " + one.getValue();
            texts.add(text);
            if (everUnseen.add(one.getKey())) {
                fresh.add(text);
                event(connection, step, "unseen", text);
            }
        }
        write(connection, new Row(since, List.copyOf(reasons.values()), texts));
        return fresh;
    }

    private void hold(Connection connection, String step, Map<String, String> reasons, Instant now)
            throws SQLException {
        if (since == null) {
            since = now;
        }
        boolean lasting = Duration.between(since, now).compareTo(BRIEF) >= 0;
        if (!written.isEmpty() && !written.equals(reasons.keySet()) || written.isEmpty() && lasting) {
            event(connection, step, "hold", "waits: " + String.join("; ", reasons.values()));
            written = Set.copyOf(reasons.keySet());
        }
    }

    private void end(Connection connection, String step, Instant now) throws SQLException {
        if (since == null) {
            return;
        }
        Duration held = Duration.between(since, now);
        if (written.isEmpty()) {
            briefHolds++;
            brief = brief.plus(held);
        } else {
            event(connection, step, "go-on", "goes on after %s".formatted(Amount.of(held)));
        }
        since = null;
        written = Set.of();
    }

    /** The attempt is over. */
    void close(Connection connection, String step) throws SQLException {
        if (since != null && !written.isEmpty()) {
            Duration held = Duration.between(since, Instant.now());
            event(connection, step, "go-on", "ended while it waited, for %s by then".formatted(Amount.of(held)));
        } else {
            end(connection, step, Instant.now());
        }
        if (briefHolds > 0) {
            event(
                    connection,
                    step,
                    "hold",
                    "waited %d times for less than a second, %s in all".formatted(briefHolds, Amount.of(brief)));
        }
        forget(connection);
    }

    /** What a dead process has left is not true any more. */
    void forget(Connection connection) throws SQLException {
        try (PreparedStatement delete =
                connection.prepareStatement("DELETE FROM %s.health WHERE run = ?".formatted(schema))) {
            delete.setLong(1, run);
            delete.executeUpdate();
        }
        row = new Row(null, List.of(), List.of());
    }

    private void write(Connection connection, Row now) throws SQLException {
        if (now.equals(row)) {
            return;
        }
        try (PreparedStatement insert = connection.prepareStatement(
                """
                /* nightshift: health.write */
                INSERT INTO %s.health AS h (run, waiting_since, reasons, unseen)
                VALUES (?, ?, ?, ?)
                ON CONFLICT (run) DO UPDATE
                SET waiting_since = EXCLUDED.waiting_since,
                  reasons = EXCLUDED.reasons,
                  unseen = EXCLUDED.unseen"""
                        .formatted(schema))) {
            insert.setLong(1, run);
            insert.setTimestamp(
                    2, Optional.ofNullable(now.since()).map(Timestamp::from).orElse(null));
            insert.setArray(3, connection.createArrayOf("text", now.reasons().toArray()));
            insert.setArray(4, connection.createArrayOf("text", now.unseen().toArray()));
            insert.executeUpdate();
        }
        row = now;
    }

    void event(Connection connection, String step, String kind, String message) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                """
                INSERT INTO %s.event (run, step, kind, who, message)
                VALUES (?, nullif(?, ''), ?, 'nightshift', ?)"""
                        .formatted(schema))) {
            insert.setLong(1, run);
            insert.setString(2, step);
            insert.setString(3, kind);
            insert.setString(4, message);
            insert.executeUpdate();
        }
    }
}
