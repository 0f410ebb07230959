package io.nightshift.prove;

/**
 * Something that does not hold.
 *
 * @param step  of the run; empty where it is about the run as a whole
 * @param where the place: a piece and a position of the ledger, a record of a file, a key
 * @param what  does not hold there
 * @param later whether writes that came after the step's end can explain it
 */
public record Finding(String step, String where, String what, boolean later) {}
