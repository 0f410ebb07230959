package io.nightshift;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/** Somebody else on the same database, in the middle of a transaction of their own. */
public final class OtherSession implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final TestDatabase database;
    private final Connection connection;

    private OtherSession(TestDatabase database, Connection connection) {
        this.database = database;
        this.connection = connection;
    }

    public static OtherSession on(TestDatabase database) {
        return of(database, database.connect());
    }

    /** One that may set what only an administrator may. */
    public static OtherSession ofAdministrator(TestDatabase database) {
        return of(database, database.connectAsAdministrator());
    }

    private static OtherSession of(TestDatabase database, Connection connection) {
        try {
            connection.setAutoCommit(false);
            return new OtherSession(database, connection);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Does something that nobody else sees yet. */
    public OtherSession execute(String sql) {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
            return this;
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** Lets a run come to the point where it waits for this session, in the statement with this tag. */
    public OtherSession awaitWaiting(Future<?> run, String tag) {
        await(
                database,
                run,
                """
                SELECT count(*) > 0
                FROM pg_stat_activity
                WHERE datname = current_database()
                  AND wait_event_type = 'Lock'
                  AND strpos(query, 'nightshift: ' || '%s ') > 0"""
                        .formatted(tag));
        return this;
    }

    public void commit() {
        try {
            connection.commit();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Waits until a query of one boolean is true, which must be before the run has ended. */
    public static void await(TestDatabase database, Future<?> run, String question) {
        Instant end = Instant.now().plus(PATIENCE);
        while (!"t".equals(database.value(question))) {
            if (run.isDone()) {
                throw new AssertionError("the run ended before this was true: " + question + outcome(run));
            }
            if (Instant.now().isAfter(end)) {
                throw new AssertionError("after " + PATIENCE + " this is still not true: " + question);
            }
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static String outcome(Future<?> run) {
        try {
            return "\n" + run.get();
        } catch (InterruptedException | ExecutionException e) {
            return "\n" + e;
        }
    }
}
