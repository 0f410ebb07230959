package io.nightshift.health;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;

/**
 * Lets only so many workers have a chunk in work at the same time, one after the other in the order in which they came.
 * Each worker has begun a piece that nobody else will finish, so that none of them may rest for good. Thread-safe.
 */
public final class Turns {

    private static final long LOOK_EVERY_MILLIS = 100;

    private final Set<Integer> busy = new HashSet<>();
    private final Set<Integer> queue = new LinkedHashSet<>();

    /**
     * Gives the worker's turn back, if it has one, and returns when it has the next, or when the step is to end.
     *
     * @param most how many may have one; asked again and again
     */
    public synchronized void next(int worker, IntSupplier most, BooleanSupplier ending) throws InterruptedException {
        over(worker);
        queue.add(worker);
        while (!ending.getAsBoolean() && !isNext(worker, most.getAsInt())) {
            wait(LOOK_EVERY_MILLIS);
        }
        queue.remove(worker);
        busy.add(worker);
    }

    private boolean isNext(int worker, int most) {
        int before = 0;
        for (int waiting : queue) {
            if (waiting == worker) {
                break;
            }
            before++;
        }
        return before + busy.size() < Math.max(1, most);
    }

    /** The worker has no chunk in work. */
    public synchronized void over(int worker) {
        if (busy.remove(worker)) {
            notifyAll();
        }
    }
}
