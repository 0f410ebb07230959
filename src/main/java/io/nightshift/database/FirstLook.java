package io.nightshift.database;

import io.nightshift.problem.ExitCode;
import io.nightshift.problem.ProblemException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.Supplier;
import org.postgresql.PGConnection;

/** Looks at a server once, before anything relies on it: its age, and whether our sessions are really ours. */
record FirstLook(Target target) {

    static final int OLDEST = 14;
    static final int NEWEST = 18;

    /**
     * @param another opens a further connection in the same way
     * @return the server's major version
     */
    int at(Connection connection, Supplier<Connection> another) throws SQLException {
        int major = connection.getMetaData().getDatabaseMajorVersion();
        refuseTooOld(major);
        if (somethingStandsBetween(connection)) {
            try (Connection second = another.get()) {
                refuseShared(connection, second);
            }
        }
        return major;
    }

    void refuseTooOld(int major) {
        if (major < OLDEST) {
            throw refused(
                    "is PostgreSQL %d, which is too old.".formatted(major),
                    "Use PostgreSQL %d to %d.".formatted(OLDEST, NEWEST));
        }
    }

    /** A pooler makes up the process number that it tells its clients. */
    private static boolean somethingStandsBetween(Connection connection) throws SQLException {
        return connection.unwrap(PGConnection.class).getBackendPID() != backend(connection);
    }

    /** With sessions of our own, no transaction of the second can change where the first one's statements go. */
    private void refuseShared(Connection first, Connection second) throws SQLException {
        int before = backend(first);
        second.setAutoCommit(false);
        int other = backend(second);
        int after = backend(first);
        second.rollback();
        if (before != after || other == before) {
            throw refused(
                    "a pooler in transaction mode stands between; locks and settings would belong to others' sessions.",
                    "Name the server itself, or a pool in session mode, in nightshift.database.url.");
        }
    }

    private static int backend(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_backend_pid()")) {
            row.next();
            return row.getInt(1);
        }
    }

    private ProblemException refused(String what, String fix) {
        return new ProblemException(ExitCode.FAILED, target.toString(), what, fix);
    }
}
