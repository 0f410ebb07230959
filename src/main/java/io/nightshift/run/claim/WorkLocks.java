package io.nightshift.run.claim;

import io.nightshift.database.Database;
import io.nightshift.problem.ProblemException;
import io.nightshift.run.books.RunRow;
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
public final class WorkLocks implements AutoCloseable {

    private final Database database;
    private final String job;
    private final String schema;
    private volatile Connection connection;
    private String work = "";
    private boolean sideBySide;

    private WorkLocks(Database database, String job, Connection connection) {
        this.database = database;
        this.job = job;
        this.schema = database.schema();
        this.connection = connection;
    }

    public static WorkLocks connect(Database database, String job) {
        return new WorkLocks(database, job, database.dedicated(name(job)));
    }

    private static String name(String job) {
        return "nightshift lock " + job;
    }

    /** Takes the locks without waiting; false when somebody else has them. */
    public boolean take(String workKey, boolean besideOthers) throws SQLException {
        work = workKey;
        sideBySide = besideOthers;
        return besideOthers
                ? ask("SELECT pg_try_advisory_lock_shared(hashtextextended(?, 0))", jobKey())
                        && ask("SELECT pg_try_advisory_lock(hashtextextended(?, 0))", schema + " work " + workKey)
                : ask("SELECT pg_try_advisory_lock(hashtextextended(?, 0))", jobKey());
    }

    /** @throws ProblemException when somebody else has them: who, where and since when (4) */
    public void takeOrRefuse(String workKey, boolean besideOthers) throws SQLException {
        if (!take(workKey, besideOthers)) {
            throw new AtWork(database, job).refusal();
        }
    }

    /**
     * Takes them from a process that is frozen at this run; from nobody when nobody is at it.
     *
     * @throws ProblemException when the role may not end that process' session (3), or somebody else has them (4)
     */
    public void takeOver(RunRow run, String who, String workKey, boolean besideOthers) throws SQLException {
        new TakeOver(database, run).take(who, () -> take(workKey, besideOthers));
        takeOrRefuse(workKey, besideOthers);
    }

    private String jobKey() {
        return schema + " job " + job;
    }

    /** Shows to everybody that this run is at work. */
    public void markAlive(long run) throws SQLException {
        ask("SELECT pg_try_advisory_lock(hashtextextended(?, 0))", RunLock.key(schema, run));
    }

    /**
     * Takes the same locks again on another connection, if the one that had them is gone.
     *
     * @return false when somebody else has them by now
     */
    public boolean regain(long run) throws SQLException {
        if (held()) {
            return true;
        }
        close();
        connection = database.session(name(job));
        boolean taken = take(work, sideBySide);
        if (taken) {
            markAlive(run);
        }
        return taken;
    }

    private boolean held() {
        try (Statement statement = connection.createStatement()) {
            return statement.execute("SELECT");
        } catch (SQLException gone) {
            return false;
        }
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
    public Connection connection() {
        return connection;
    }

    @Override
    public void close() {
        // Closing does not wait for the server to end the session: who comes next must not find the locks still taken.
        try (Connection held = connection;
                Statement statement = held.createStatement()) {
            statement.execute("SELECT pg_advisory_unlock_all()");
        } catch (SQLException gone) {
            // The locks are gone with it.
        }
    }
}
