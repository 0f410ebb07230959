package io.nightshift.run.claim;

import io.nightshift.database.Database;
import io.nightshift.problem.ExitCode;
import io.nightshift.problem.ProblemException;
import io.nightshift.run.books.RunRow;
import io.nightshift.run.books.Runs;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import org.springframework.jdbc.BadSqlGrammarException;

/**
 * Takes a run from a process that is frozen: it still has its locks, but does nothing. Its lock's session is ended
 * first; the sessions of its chunks and the token follow when the new attempt begins. When it wakes up it finds all of
 * that, and commits nothing.
 */
final class TakeOver {

    /** The server ends a session some time after it was told to. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final long LOOK_EVERY_MILLIS = 50;

    private final Database database;
    private final RunRow run;

    TakeOver(Database database, RunRow run) {
        this.database = database;
        this.run = run;
    }

    /** Tries to take the locks. */
    interface Locking {
        boolean done() throws SQLException;
    }

    /**
     * Ends the session that has the run's lock, and returns when the locks are ours. Does nothing when nobody is at work
     * on the run.
     *
     * @throws ProblemException when the role may not end that session (3)
     */
    void take(String who, Locking locking) throws SQLException {
        if (locking.done() || !endHolder()) {
            return;
        }
        new Runs(database)
                .event(
                        run.run(),
                        "take-over",
                        who,
                        "taken from %s on %s: the session with its lock was ended".formatted(run.who(), run.host()));
        Instant end = Instant.now().plus(PATIENCE);
        while (!locking.done() && Instant.now().isBefore(end)) {
            pause();
        }
    }

    /** Whether somebody had it. Only a session of our own role can be ended by a role that is nothing special. */
    private boolean endHolder() {
        try {
            return new RunLock(database).endHolder(run.run());
        } catch (org.springframework.dao.PermissionDeniedDataAccessException | BadSqlGrammarException denied) {
            throw new ProblemException(
                    ExitCode.REFUSED,
                    "Run %d of %s".formatted(run.run(), run.job()),
                    "is in the hands of a session that this role may not end",
                    "Nothing was changed. Use the role that began it, or one that has pg_signal_backend.");
        }
    }

    private static void pause() {
        try {
            Thread.sleep(LOOK_EVERY_MILLIS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
