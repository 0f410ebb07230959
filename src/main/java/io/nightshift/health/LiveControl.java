package io.nightshift.health;

import io.nightshift.health.signal.Sight;
import io.nightshift.health.signal.Signal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/** What operators have asked for: the brake, and changes to one run. Looked at like a signal, by the same thread. */
final class LiveControl implements Signal {

    private final String statement;
    private final long run;
    private Optional<Brake.Held> brake = Optional.empty();
    private volatile Tuning tuning = Tuning.NONE;

    LiveControl(String schema, long run) {
        this.run = run;
        this.statement =
                """
                /* nightshift: health.control */
                SELECT b.since, b.who, b.reason, t.connections, t.rate, t.target_millis
                FROM (SELECT) one
                  LEFT JOIN %1$s.brake b ON true
                  LEFT JOIN %1$s.tuning t ON t.run = ?"""
                        .formatted(schema);
    }

    @Override
    public String name() {
        return "live control";
    }

    /** Whether and why everything is held, as of the last look. */
    Optional<Brake.Held> brake() {
        return brake;
    }

    /** What is changed on the run, as of the last look; asked from any thread. */
    Tuning tuning() {
        return tuning;
    }

    /** The brake has words and a time of its own, so that it is no reason in the sense of a signal. */
    @Override
    public Sight look(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(statement)) {
            select.setLong(1, run);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                brake = row.getTimestamp("since") == null
                        ? Optional.empty()
                        : Optional.of(Brake.held(
                                row.getTimestamp("since"),
                                row.getString("who"),
                                Optional.ofNullable(row.getString("reason"))));
                tuning = RunHealth.tuning(row);
                return Sight.CLEAR;
            }
        }
    }
}
