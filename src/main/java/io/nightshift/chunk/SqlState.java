package io.nightshift.chunk;

import java.sql.SQLException;
import java.util.Set;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** What a failure of PostgreSQL says: who is to blame, whether it may pass by itself, and in which words. */
public final class SqlState {

    private static final String CANCELLED = "57014";
    private static final String NOT_ALLOWED = "42501";

    /** The transaction was idle for too long, which ends its session. */
    private static final String SILENT = "25P03";

    private static final Set<String> LOCKING = Set.of("40P01", "55P03");

    /**
     * Serialization failure, deadlock, lock not available, statement cancelled by its time-out, the server shutting down
     * or starting, too many connections, a session that the server ended because it was silent for too long (the process
     * was frozen); lost connections are class 08.
     */
    private static final Set<String> PASSING =
            Set.of("40001", "40P01", "55P03", CANCELLED, "57P01", "57P02", "57P03", "57P05", SILENT, "53300");

    private SqlState() {}

    /**
     * Whether the data is at fault, so that taking the row out helps: data exceptions (22), integrity violations (23),
     * a row meeting the same key twice (21), a rule of a trigger or view (44, P0), a value too large for an index or a
     * text search vector, or nested too deeply (54).
     */
    static boolean blamesData(SQLException failure) {
        String state = String.valueOf(failure.getSQLState());
        return state.startsWith("22")
                || state.startsWith("23")
                || state.startsWith("21")
                || state.startsWith("44")
                || state.startsWith("54")
                || state.startsWith("P0");
    }

    /** Whether the same may go well a little later. */
    public static boolean passes(SQLException failure) {
        String state = String.valueOf(failure.getSQLState());
        return state.startsWith("08") || PASSING.contains(state);
    }

    /** The statement itself was not understood: its syntax, a name, a type. */
    public static boolean misunderstood(SQLException failure) {
        String state = String.valueOf(failure.getSQLState());
        return state.startsWith("42") && !state.equals(NOT_ALLOWED);
    }

    /** The session is gone, and with it the answer to what it was asked last. */
    public static boolean lost(SQLException failure) {
        String state = String.valueOf(failure.getSQLState());
        return state.startsWith("08") || state.startsWith("57P") || state.equals(SILENT);
    }

    /** A deadlock, or a lock that others kept too long: the session lives, and a savepoint undoes what was begun. */
    static boolean locking(SQLException failure) {
        return LOCKING.contains(String.valueOf(failure.getSQLState()));
    }

    /** A statement was cancelled, by its time-out or by somebody. */
    static boolean cancelled(SQLException failure) {
        return CANCELLED.equals(failure.getSQLState());
    }

    /** PostgreSQL's message in one line, with its SQLSTATE. */
    public static String words(SQLException failure) {
        ServerErrorMessage server = failure instanceof PSQLException psql ? psql.getServerErrorMessage() : null;
        String message = server == null || server.getMessage() == null
                ? String.valueOf(failure.getMessage()).replaceAll("\\s*\\R\\s*", "; ")
                : server.getMessage() + (server.getDetail() == null ? "" : " (" + server.getDetail() + ")");
        return failure.getSQLState() == null ? message : message + " (SQLSTATE " + failure.getSQLState() + ")";
    }
}
