package io.nightshift.run.replay;

/**
 * Somebody wants the open rejects of a run tried again.
 *
 * @param frozen    with the job file and statements that the run was frozen with, not with those of the home
 * @param overwrite whether records may change rows that were written since they were refused
 * @param who       asks
 */
public record ReplayRequest(long run, boolean frozen, boolean overwrite, String who) {}
