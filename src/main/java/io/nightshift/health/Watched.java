package io.nightshift.health;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/** One signal, and what it last showed. Used by one thread. */
final class Watched {

    private final Signal signal;
    private final long everyNanos;
    private Sight sight = Sight.CLEAR;
    private long lookedAt;
    private boolean looked;

    /** @param every how often it is looked at */
    Watched(Signal signal, Duration every) {
        this.signal = signal;
        this.everyNanos = every.toNanos();
    }

    String name() {
        return signal.name();
    }

    Sight sight() {
        return sight;
    }

    /** The next time is now. */
    void lookAtOnce() {
        looked = false;
    }

    /**
     * Looks again when it is time to.
     *
     * @throws SQLException when the connection is lost; a signal that the server refuses to show is unseen
     */
    void lookIfDue(Connection connection) throws SQLException {
        long now = System.nanoTime();
        if (looked && now - lookedAt < everyNanos) {
            return;
        }
        looked = true;
        lookedAt = now;
        try {
            sight = signal.look(connection);
        } catch (SQLException refused) {
            if (!connection.isValid(1)) {
                throw refused;
            }
            sight = Sight.unseen(String.valueOf(refused.getMessage()).replaceAll("\\s*\\R\\s*", "; "));
        }
    }
}
