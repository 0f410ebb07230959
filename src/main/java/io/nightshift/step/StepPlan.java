package io.nightshift.step;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a step would do.
 *
 * @param rows     records or keys; negative when there is no ground for a number
 * @param estimate whether the number is only estimated
 * @param chunk    rows of one chunk; 0 where there is one chunk only
 * @param order    the key columns that give the order; empty where there is none
 * @param notes    one line each: locks, the index used, what could not be explained
 */
public record StepPlan(
        String name, String kind, long rows, boolean estimate, int chunk, List<String> order, List<String> notes) {

    /** The same with one more note, if there is one. */
    public StepPlan with(Optional<String> note) {
        List<String> all = Stream.concat(notes.stream(), note.stream()).toList();
        return new StepPlan(name, kind, rows, estimate, chunk, order, all);
    }

    /** How many chunks that makes; negative when unknown. */
    public long chunks() {
        return rows < 0 ? -1 : chunk == 0 ? 1 : (rows + chunk - 1) / chunk;
    }
}
