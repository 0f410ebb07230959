package io.nightshift.schedule;

import io.nightshift.schedule.FireRow.State;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;

/** Runs nothing, and remembers for which slots it was asked to. */
final class RecordedLaunch implements Launch {

    private final List<Instant> slots = new CopyOnWriteArrayList<>();

    @Override
    public Outcome run(String job, Instant slot) {
        slots.add(slot);
        return new Outcome(State.DONE, OptionalLong.empty(), Optional.empty());
    }

    List<Instant> slots() {
        return slots;
    }
}
