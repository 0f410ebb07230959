package io.nightshift.chunk;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * Lets a step wait before it begins and between two chunks, while no transaction is open. Every method that waits
 * returns when the step is to end. Thread-safe.
 */
public interface Pause {

    /** Never waits. */
    Pause NONE = new Pause() {};

    /** Returns when the step may begin, or go on after an earlier attempt. */
    default void beforeStep(BooleanSupplier ending) {}

    /**
     * Returns when a worker may begin its next chunk; the one before, if there was one, has ended.
     *
     * @param done records or keys of the step so far, those of all workers together
     */
    default void beforeChunk(int worker, long done, BooleanSupplier ending) {}

    /** A worker is through: it will not ask again. */
    default void ended(int worker) {}

    /** What a chunk should take now, where the job says {@code planned}. */
    default Duration targetDuration(Duration planned) {
        return planned;
    }
}
