package io.nightshift.chunk;

import java.util.Optional;

/** Is told how a run gets on, to show it to somebody. Called from several threads; must return at once. */
public interface Progress {

    /** Shows nothing. */
    Progress SILENT = new Progress() {};

    /** One line worth reading: that an unfinished run is continued, that a retry waits. */
    default void note(String line) {}

    /**
     * A step begins, or goes on after an earlier attempt.
     *
     * @param total    records or keys in all; negative when there is no ground for a number
     * @param estimate whether the total is only estimated
     * @param before   what earlier attempts have done already
     */
    default void stepStarted(String step, String kind, long total, boolean estimate, Counts before) {}

    /** One chunk has been committed. */
    default void chunkCommitted(String step, Counts counts) {}

    /** The step has ended, in the state that is given: COMPLETED, FAILED or STOPPED. */
    default void stepEnded(String step, String status) {}

    /** The run waits, and why, or goes on: then it is empty. */
    default void waiting(Optional<String> reason) {}
}
