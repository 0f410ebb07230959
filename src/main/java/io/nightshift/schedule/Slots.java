package io.nightshift.schedule;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The instants at which a job is due. */
interface Slots {

    /** The first slot after an instant; empty when there is none any more. */
    Optional<Instant> next(Instant after);

    /** The slots after one instant and up to another, both ends as they are said: the first excluded, the last included. */
    default List<Instant> between(Instant after, Instant upTo) {
        List<Instant> slots = new ArrayList<>();
        Optional<Instant> slot = next(after);
        while (slot.isPresent() && !slot.get().isAfter(upTo)) {
            slots.add(slot.get());
            slot = next(slot.get());
        }
        return slots;
    }
}
