package io.nightshift.chunk;

import io.nightshift.job.RejectLimit;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.OptionalLong;

/**
 * What a kind of step does, seen by {@link ChunkStep}: prepare once, open a worker per connection, look again, finish.
 *
 * @param <P> what one chunk works on
 */
public interface StepWork<P> {

    /** The kind's word: {@code backfill}. */
    String kind();

    /** How many workers may be at it together. */
    default int connections() {
        return 1;
    }

    /** More rejects than this end the step. */
    default RejectLimit rejectLimit() {
        return RejectLimit.NONE;
    }

    /** The most rows that the step may read in all, known behind {@link #prepare}; empty without a limit. */
    default OptionalLong maxRows() {
        return OptionalLong.empty();
    }

    /** Called before {@link #prepare}, outside of any transaction: may take its time, and writes nothing. */
    default void look() throws SQLException, IOException {}

    /**
     * Freezes what is to be done, in a transaction of its own. Called at every attempt, and outside of any chunk:
     * {@code first} tells whether it has not succeeded before.
     *
     * @return how much there is to do
     */
    Total prepare(Connection connection, boolean first) throws SQLException, IOException;

    /** Called behind {@link #prepare}, outside of any transaction, before the first worker: may take its time. */
    default void ready() throws Exception {}

    /** Rows of the first chunk, in steps whose chunks are counted in rows. */
    default int chunk() {
        return 1;
    }

    /**
     * A worker; called once per connection, pass and attempt.
     *
     * @param size how many rows each of its chunks takes, asked anew for every chunk
     */
    ChunkWork<P> open(ChunkSize size) throws SQLException, IOException;

    /** Whether, all workers being through, another pass is needed; prepares it. */
    default boolean prepareNextPass() throws SQLException, IOException {
        return false;
    }

    /** Everything is committed: makes the results visible. Called again if the attempt dies before the step's end. */
    default void complete() throws SQLException, IOException {}

    /**
     * @param rows     records or keys; negative when there is no ground for a number
     * @param estimate whether the number is only estimated
     */
    record Total(long rows, boolean estimate) {
        public static final Total UNKNOWN = new Total(-1, false);
    }
}
