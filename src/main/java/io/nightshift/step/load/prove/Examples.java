package io.nightshift.step.load.prove;

import java.util.function.BiConsumer;

/** How often something was seen, and where first. */
final class Examples {

    private long count;
    private String first = "";

    void add(String place) {
        add(1, place);
    }

    void add(long times, String place) {
        if (count == 0) {
            first = place;
        }
        count += times;
    }

    long count() {
        return count;
    }

    /** Says how many there were, and the first of them, if there was any. */
    void firstOf(BiConsumer<Long, String> say) {
        if (count > 0) {
            say.accept(count, first);
        }
    }
}
