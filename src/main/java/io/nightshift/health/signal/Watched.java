package io.nightshift.health.signal;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/** One signal, and what it last showed. Used by one thread. */
public final class Watched {

    private final Signal signal;
    private final long everyNanos;
    private Sight sight = Sight.CLEAR;
    private long lookedAt;
    private boolean looked;

    /** @param every how often it is looked at */
    public Watched(Signal signal, Duration every) {
        this.signal = signal;
        this.everyNanos = every.toNanos();
    }

    public String name() {
        return signal.name();
    }

    public Sight sight() {
        return sight;
    }

    /** The next time is now. */
    public void lookAtOnce() {
        looked = false;
    }

    /**
     * Looks again when it is time to.
     *
     * @throws SQLException when the connection is lost; a signal that the server refuses to show is unseen
     */
    public void lookIfDue(Connection connection) throws SQLException {
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
