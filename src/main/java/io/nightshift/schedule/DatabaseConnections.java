package io.nightshift.schedule;

import io.nightshift.database.Database;
import io.nightshift.problem.ProblemException;
import java.sql.Connection;
import org.quartz.utils.ConnectionProvider;

/**
 * Gives Quartz a connection of its own each time it asks, every few seconds: a pool that jobs have emptied must not keep
 * a node from showing that it is there.
 */
final class DatabaseConnections implements ConnectionProvider {

    private final Database database;

    DatabaseConnections(Database database) {
        this.database = database;
    }

    @Override
    public Connection getConnection() {
        // Quartz interrupts its thread at the end, even while it gives back slots that it has taken early: those would
        // be nobody's until other nodes notice.
        boolean interrupted = Thread.interrupted();
        try {
            return connect();
        } catch (ProblemException failure) {
            if (!Thread.interrupted()) {
                throw failure;
            }
            interrupted = true;
            return connect();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private Connection connect() {
        return database.dedicated("nightshift scheduler");
    }

    @Override
    public void initialize() {
        // The database is open already.
    }

    @Override
    public void shutdown() {
        // Whoever opened the database closes it.
    }
}
