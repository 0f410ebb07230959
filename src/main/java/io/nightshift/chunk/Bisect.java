package io.nightshift.chunk;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;

/**
 * Applies a range of rows; where PostgreSQL refuses one of them, finds out which, under savepoints, and goes on with
 * the others in their order. Stops where the reject limit is exceeded.
 */
public final class Bisect {

    /** What is done with the rows from (inclusive) to (exclusive) of a chunk. */
    public interface Application {
        /**
         * Applies them all or throws.
         *
         * @return how many of them were written; the rest is skipped
         */
        long apply(int from, int to) throws SQLException, IOException;

        /** What was applied last stays: nothing of it will be rolled back but with the whole chunk. */
        default void kept() {}

        /**
         * The row that the failure names, if it names one and is not about the whole range; -1 if it does not.
         *
         * @param from the start of the range that failed
         */
        default int named(SQLException failure, int from) {
            return -1;
        }

        /** A row that is probably the one, where none is named; -1 for none. It is tried alone before it is refused. */
        default int suspected(SQLException failure, int from, int to) {
            return -1;
        }
    }

    /** Takes a row that cannot be applied. */
    public interface Refusal {
        void reject(int row, Reject.Cause cause) throws SQLException;
    }

    /** Ranges behind a named bad row are applied in parts of this size, so that little is sent twice. */
    private static final int PART = 512;

    private final Connection connection;
    private final Causes causes;
    private final Application application;
    private final Refusal refusal;
    private final RejectAllowance allowance;
    private long written;
    private int rejected;
    private int consumed;
    private int expected;
    private boolean first = true;

    public Bisect(ChunkTools tools, Application application, Refusal refusal) {
        this.connection = tools.connection();
        this.causes = tools.causes();
        this.allowance = tools.allowance();
        this.application = application;
        this.refusal = refusal;
    }

    /**
     * Applies the rows from (inclusive) to (exclusive).
     *
     * @return false when the limit was exceeded; {@link #consumed()} rows are then done, the last of them a reject
     */
    public boolean applyAll(int from, int to) throws SQLException, IOException {
        return from >= to || attempt(from, to);
    }

    /** Rows of the chunk that were refused before they could be sent count against the limit too. */
    public void expect(int refused) {
        expected += refused;
    }

    private boolean refuse(int row, Reject.Cause cause) throws SQLException {
        refusal.reject(row, cause);
        rejected++;
        consumed = row + 1;
        return !allowance.exceededBy(consumed, rejected + expected);
    }

    private boolean attempt(int from, int to) throws SQLException, IOException {
        Savepoint savepoint = connection.setSavepoint();
        try {
            written += applied(from, to);
            connection.releaseSavepoint(savepoint);
            application.kept();
            consumed = to;
            return true;
        } catch (SQLException failure) {
            if (!SqlState.blamesData(failure)) {
                throw failure;
            }
            connection.rollback(savepoint);
            connection.releaseSavepoint(savepoint);
            return isolate(from, to, failure);
        }
    }

    private long applied(int from, int to) throws SQLException, IOException {
        try (Statement constraints = connection.createStatement()) {
            if (!first) {
                constraints.execute("SET CONSTRAINTS ALL DEFERRED");
            }
            first = false;
            long count = application.apply(from, to);
            // Deferred constraints are due now, while the savepoint can still tell which rows they are about.
            constraints.execute("SET CONSTRAINTS ALL IMMEDIATE");
            return count;
        }
    }

    private boolean isolate(int from, int to, SQLException failure) throws SQLException, IOException {
        if (to - from == 1) {
            return refuse(from, causes.of(connection, failure));
        }
        int bad = application.named(failure, from);
        if (bad >= from && bad < to) {
            return applyAll(from, bad) && refuse(bad, causes.of(connection, failure)) && inParts(bad + 1, to);
        }
        int suspect = application.suspected(failure, from, to);
        if (suspect >= from && suspect < to) {
            return applyAll(from, suspect) && attempt(suspect, suspect + 1) && inParts(suspect + 1, to);
        }
        int middle = (from + to) >>> 1;
        return attempt(from, middle) && attempt(middle, to);
    }

    private boolean inParts(int from, int to) throws SQLException, IOException {
        for (int part = from; part < to; part += PART) {
            if (!attempt(part, Math.min(part + PART, to))) {
                return false;
            }
        }
        return true;
    }

    /** How many rows have been dealt with, from the start. */
    public int consumed() {
        return consumed;
    }

    public long written() {
        return written;
    }

    public long rejected() {
        return rejected;
    }
}
