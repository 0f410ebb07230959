package io.nightshift.schedule;

import io.nightshift.schedule.FireRow.State;
import io.nightshift.schedule.Launch.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** What happens when a slot comes: it is taken by one node, run, and its end is written down; or it was missed. */
final class MeetSlot {

    /** Longer ago, single slots are of no interest any more. */
    private static final Duration LOOK_BACK = Duration.ofDays(31);

    private final Node node;
    private final Fires fires;
    private final Launch launch;
    private final Consumer<String> log;
    private final Map<String, Instant> underWay = new ConcurrentHashMap<>();

    MeetSlot(Node node, Fires fires, Launch launch, Consumer<String> log) {
        this.node = node;
        this.fires = fires;
        this.launch = launch;
        this.log = log;
    }

    /**
     * The slot to wake up for after this one. Those that are too late already are left out: they are recorded together
     * with this one.
     */
    Optional<Instant> following(KnownSchedule schedule, Instant slot) {
        Instant tooLate = tooLate();
        return node.slots(schedule).next(slot.isBefore(tooLate) ? tooLate : slot);
    }

    void meet(KnownSchedule schedule, Instant slot) {
        if (slot.isBefore(schedule.since())) {
            return;
        }
        recordMissed(schedule, slot);
        if (slot.isBefore(tooLate())) {
            return;
        }
        // Entered before the row appears, so that nobody takes the row for one that was left behind.
        Optional<Instant> earlier = Optional.ofNullable(underWay.putIfAbsent(schedule.job(), slot));
        if (earlier.isPresent()) {
            overlap(schedule.job(), slot, earlier.get());
            return;
        }
        try {
            if (fires.claim(schedule.job(), slot, node.name())) {
                run(schedule.job(), slot);
            }
        } finally {
            underWay.remove(schedule.job());
        }
    }

    /** Whether this node is at work on a slot now. */
    boolean underWay(FireRow row) {
        return row.slot().equals(underWay.get(row.job()));
    }

    private void overlap(String job, Instant slot, Instant earlier) {
        if (!earlier.equals(slot) && fires.claim(job, slot, node.name())) {
            end(
                    job,
                    slot,
                    Outcome.of(State.OVERLAPPED, "the run for the slot %s was still under way".formatted(earlier)));
        }
    }

    private Instant tooLate() {
        return node.clock().instant().minus(node.settings().grace());
    }

    private void run(String job, Instant slot) {
        log.accept("%s: slot %s begins.".formatted(job, slot));
        Outcome outcome;
        try {
            outcome = launch.run(job, slot);
        } catch (RuntimeException broken) {
            outcome = Outcome.of(State.FAILED, "%s. What was committed stays.".formatted(broken));
        }
        end(job, slot, outcome);
    }

    private void end(String job, Instant slot, Outcome outcome) {
        fires.end(job, slot, outcome);
        log.accept("%s: slot %s is %s%s."
                .formatted(
                        job,
                        slot,
                        outcome.state(),
                        outcome.reason().map(reason -> " (" + reason + ")").orElse("")));
    }

    private void recordMissed(KnownSchedule schedule, Instant slot) {
        Instant tooLate = tooLate();
        Instant known = fires.latest(schedule.job()).orElse(schedule.since());
        Instant from = latest(known, latest(schedule.since(), tooLate.minus(LOOK_BACK)));
        List<Instant> slots = new ArrayList<>(node.slots(schedule).between(from, tooLate.minusNanos(1)));
        if (slot.isBefore(tooLate) && !slots.contains(slot)) {
            slots.add(slot);
        }
        if (slots.isEmpty()) {
            return;
        }
        List<Fires.Missed> missed =
                slots.stream().map(each -> new Fires.Missed(each, reason(each))).toList();
        int recorded = fires.missed(schedule.job(), node.name(), missed);
        if (recorded > 0) {
            log.accept("%s: %d missed, the last at %s: %s."
                    .formatted(
                            schedule.job(),
                            recorded,
                            slots.get(slots.size() - 1),
                            missed.get(0).reason()));
        }
    }

    private String reason(Instant slot) {
        return slot.isBefore(node.startedAt())
                ? "no server was there when it came"
                : "no thread was free for it within %d s"
                        .formatted(node.settings().grace().toSeconds());
    }

    private static Instant latest(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
