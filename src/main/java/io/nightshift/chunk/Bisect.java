package io.nightshift.chunk;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
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

    /** Ranges behind a named bad row are applied in parts of this size at most, so that little is sent twice. */
    public static final int LARGEST_PART = 512;

    private static final String SAVEPOINT = "nightshift_part";

    private final Connection connection;
    private final Causes causes;
    private final Application application;
    private final Refusal refusal;
    private final RejectAllowance allowance;
    private long written;
    private int rejected;
    private int consumed;
    private int expected;
    private int part = LARGEST_PART;
    private boolean first = true;
    private boolean trusting = true;

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

    /** The same where bad rows are to be expected: in parts of so many rows from the start. */
    public boolean applyInParts(int from, int to, int rows) throws SQLException, IOException {
        part = rows;
        return inParts(from, to);
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
        try (Statement statement = connection.createStatement()) {
            // Deferred constraints are put off again where they were due for the part before.
            statement.execute("SAVEPOINT " + SAVEPOINT + (first ? "" : "; SET CONSTRAINTS ALL DEFERRED"));
            first = false;
            try {
                long count = application.apply(from, to);
                // They are due now, while the savepoint can still tell which rows they are about.
                statement.execute("SET CONSTRAINTS ALL IMMEDIATE; RELEASE SAVEPOINT " + SAVEPOINT);
                written += count;
            } catch (SQLException failure) {
                if (!SqlState.blamesData(failure)) {
                    throw failure;
                }
                statement.execute("ROLLBACK TO SAVEPOINT " + SAVEPOINT + "; RELEASE SAVEPOINT " + SAVEPOINT);
                return isolate(from, to, failure);
            }
            application.kept();
            consumed = to;
            return true;
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
        int suspect = trusting ? application.suspected(failure, from, to) : -1;
        if (suspect >= from && suspect < to) {
            return applyAll(from, suspect) && alone(suspect) && inParts(suspect + 1, to);
        }
        int middle = (from + to) >>> 1;
        return attempt(from, middle) && attempt(middle, to);
    }

    /** A suspect that was none ends the trust: going by wrong ones would be slower than halving. */
    private boolean alone(int suspect) throws SQLException, IOException {
        int before = rejected;
        boolean goOn = attempt(suspect, suspect + 1);
        trusting = rejected > before;
        return goOn;
    }

    private boolean inParts(int from, int to) throws SQLException, IOException {
        for (int next = from; next < to; next += part) {
            if (!attempt(next, Math.min(next + part, to))) {
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
