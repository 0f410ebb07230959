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
         * SQL that makes ready for another range when one has stayed, outside of what is rolled back with a range;
         * empty, or ended by a semicolon.
         */
        default String between() {
            return "";
        }

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

    /** Rows behind the first bad one are applied in parts of this size, so that little is sent twice. */
    private static final int PART = 512;

    private static final String SAVEPOINT = "SAVEPOINT nightshift_part";

    /** Deferred constraints are due while the savepoint can still tell which rows they are about. */
    private static final String KEEP = "SET CONSTRAINTS ALL IMMEDIATE; RELEASE " + SAVEPOINT;

    /** They are put off again where they were due for the part before. */
    private static final String DEFER = "SET CONSTRAINTS ALL DEFERRED; ";

    private final Connection connection;
    private final Causes causes;
    private final Application application;
    private final Refusal refusal;
    private final RejectAllowance allowance;
    private long written;
    private int rejected;
    private int consumed;
    private int expected;
    private int end;
    private int part = PART;
    private boolean first = true;
    private boolean marked;
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
        end = to;
        return unmarked(whole(from, to));
    }

    /** The same where bad rows are to be expected: in parts of so many rows from the start. */
    public boolean applyInParts(int from, int to, int rows) throws SQLException, IOException {
        end = to;
        part = rows;
        return unmarked(inParts(from, to));
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

    private boolean whole(int from, int to) throws SQLException, IOException {
        return from >= to || attempt(from, to) && inParts(consumed, to);
    }

    private boolean inParts(int from, int to) throws SQLException, IOException {
        for (int next = from; next < to; next = consumed) {
            if (!attempt(next, Math.min(next + part, to))) {
                return false;
            }
        }
        return true;
    }

    /** Deals with the rows of the range, or with those up to a bad one of them: the next begins where these end. */
    private boolean attempt(int from, int to) throws SQLException, IOException {
        mark();
        try {
            long count = application.apply(from, to);
            keep(to < end);
            written += count;
        } catch (SQLException failure) {
            if (!SqlState.blamesData(failure)) {
                throw failure;
            }
            // The savepoint stays and serves what is tried next.
            execute("ROLLBACK TO " + SAVEPOINT);
            return isolate(from, to, failure);
        }
        application.kept();
        consumed = to;
        return true;
    }

    private void mark() throws SQLException {
        if (!marked) {
            execute(first ? SAVEPOINT : application.between() + DEFER + SAVEPOINT);
            first = false;
            marked = true;
        }
    }

    /** What the next range needs goes along with the end of this one: each statement is a way to the server and back. */
    private void keep(boolean more) throws SQLException {
        execute(more ? KEEP + "; " + application.between() + DEFER + SAVEPOINT : KEEP);
        marked = more;
    }

    private boolean unmarked(boolean gone) throws SQLException {
        if (marked) {
            execute("RELEASE " + SAVEPOINT);
            marked = false;
        }
        return gone;
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private boolean isolate(int from, int to, SQLException failure) throws SQLException, IOException {
        if (to - from == 1) {
            return refuse(from, causes.of(connection, failure));
        }
        int before = rejected;
        int bad = application.named(failure, from);
        if (bad >= from && bad < to) {
            // It may have been refused for a row that is refused itself, as the second of a key.
            return whole(from, bad)
                    && (rejected == before ? refuse(bad, causes.of(connection, failure)) : attempt(bad, bad + 1));
        }
        int suspect = trusting ? application.suspected(failure, from, to) : -1;
        if (suspect >= from && suspect < to) {
            return whole(from, suspect) && alone(suspect, before);
        }
        int middle = (from + to) >>> 1;
        return whole(from, middle) && whole(middle, to);
    }

    /**
     * A suspect that was none ends the trust: going by wrong ones would be slower than halving. One that was suspected
     * for a row that is refused itself says nothing.
     */
    private boolean alone(int suspect, int rejectedBefore) throws SQLException, IOException {
        boolean goOn = attempt(suspect, suspect + 1);
        trusting = rejected > rejectedBefore;
        return goOn;
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
