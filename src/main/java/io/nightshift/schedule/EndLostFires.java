package io.nightshift.schedule;

import io.nightshift.database.Database;
import io.nightshift.run.RunControl;
import io.nightshift.schedule.FireRow.State;
import io.nightshift.schedule.Launch.Outcome;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Finds slots whose node has died before it could write down what became of them. */
final class EndLostFires {

    private final Node node;
    private final Fires fires;
    private final MeetSlot slots;
    private final RunControl runs;
    private final Consumer<String> log;

    EndLostFires(Node node, Fires fires, MeetSlot slots, Database database, Consumer<String> log) {
        this.node = node;
        this.fires = fires;
        this.slots = slots;
        this.runs = new RunControl(database);
        this.log = log;
    }

    void end() {
        List<FireRow> started = fires.started();
        if (started.isEmpty()) {
            return;
        }
        List<String> nodes = fires.nodes();
        for (FireRow row : started) {
            if (!atWork(row, nodes)) {
                fires.end(row.job(), row.slot(), outcome(row));
                log.accept("%s: slot %s was left behind by %s.".formatted(row.job(), row.slot(), row.node()));
            }
        }
    }

    private boolean atWork(FireRow row, List<String> nodes) {
        boolean owned = row.node().equals(node.name()) ? slots.underWay(row) : nodes.contains(row.node());
        return owned || (row.run().isPresent() && runs.alive(row.run().getAsLong()));
    }

    private Outcome outcome(FireRow row) {
        if (row.run().isEmpty()) {
            return Outcome.of(State.FAILED, "its server was gone before a run began");
        }
        long run = row.run().getAsLong();
        if (runs.state(run).equals("COMPLETED")) {
            return new Outcome(State.DONE, row.run(), Optional.empty());
        }
        return new Outcome(
                State.FAILED,
                row.run(),
                Optional.of(
                        "its server was gone before the run ended; the next slot continues it, or: nightshift resume "
                                + run));
    }
}
