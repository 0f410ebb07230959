package io.nightshift.chunk;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/** How a kind of step tries rejects again: in the way that its chunks go, and nothing but these rows. */
public interface ReplayWork {

    /** SQLSTATE of what only trying again can run into; PostgreSQL leaves the class NS to others. */
    String REPLAY_STATE = "NS001";

    /** The kind's word. */
    String kind();

    /** How many are tried in one transaction. */
    int chunk();

    /** Called once before the first chunk, outside of any transaction: may take its time, and writes nothing. */
    void look() throws SQLException, IOException;

    /** Applies these, in their order, and says which are refused again; nothing is committed yet. */
    Outcome apply(ChunkTools tools, List<OpenReject> rejects) throws SQLException, IOException;

    /**
     * @param counts  of the rejects that were given
     * @param refused why, by the number of the reject
     */
    record Outcome(Counts counts, Map<Long, Reject.Cause> refused) {

        public Outcome {
            if (counts.rejected() != refused.size()) {
                throw new IllegalArgumentException(
                        "%d rejects are counted and %d are named. This is a bug in Nightshift."
                                .formatted(counts.rejected(), refused.size()));
            }
        }

        /** What came of both. */
        public Outcome plus(Outcome other) {
            Map<Long, Reject.Cause> both = new java.util.HashMap<>(refused);
            both.putAll(other.refused);
            return new Outcome(counts.plus(other.counts), both);
        }
    }
}
