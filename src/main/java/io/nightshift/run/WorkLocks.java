package io.nightshift.run;

import io.nightshift.database.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The advisory locks on a job and on its work, held by an idle connection of their own for as long as the run is at
 * work. They die with the connection, and so tell the living from the dead.
 *
 * <p>A job that allows its runs side by side takes its own lock shared and the work's exclusively; any other takes the
 * job's exclusively.
 */
final class WorkLocks implements AutoCloseable {

    private final Connection connection;
    private final String schema;

    private WorkLocks(Connection connection, String schema) {
        this.connection = connection;
        this.schema = schema;
    }

    static WorkLocks connect(Database database, String job) {
        return new WorkLocks(database.dedicated("nightshift lock " + job), database.schema());
    }

    /** Takes the locks without waiting; false when somebody else has them. */
    boolean take(String job, String work, boolean sideBySide) throws SQLException {
        return sideBySide
                ? ask("SELECT pg_try_advisory_lock_shared(hashtextextended(?, 0))", jobKey(job))
                        && ask("SELECT pg_try_advisory_lock(hashtextextended(?, 0))", schema + " work " + work)
                : ask("SELECT pg_try_advisory_lock(hashtextextended(?, 0))", jobKey(job));
    }

    private String jobKey(String job) {
        return schema + " job " + job;
    }

    /** Shows to everybody that this run is at work. */
    void markAlive(long run) throws SQLException {
        ask("SELECT pg_try_advisory_lock(hashtextextended(?, 0))", aliveKey(schema, run));
    }

    /** What the lock of a run that is at work is a hash of. */
    static String aliveKey(String schema, long run) {
        return schema + " run " + run;
    }

    private boolean ask(String statement, String key) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(statement)) {
            select.setString(1, key);
            try (ResultSet result = select.executeQuery()) {
                return result.next() && result.getBoolean(1);
            }
        }
    }

    /** The connection that holds the locks; whoever asks something through it learns whether they are still held. */
    Connection connection() {
        return connection;
    }

    @Override
    public void close() {
        // Closing does not wait for the server to end the session: who comes next must not find the locks still taken.
        try (connection;
                Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_advisory_unlock_all()");
        } catch (SQLException gone) {
            // The locks are gone with it.
        }
    }
}
