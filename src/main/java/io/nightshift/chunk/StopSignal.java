package io.nightshift.chunk;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Says whether a run should stop, and why. Asked between two chunks. Thread-safe. */
public final class StopSignal {

    private final Optional<StopSignal> outer;
    private volatile Optional<String> request = Optional.empty();
    private volatile Optional<Instant> deadline = Optional.empty();
    private volatile String budget = "";
    private volatile boolean atOnce;
    private volatile boolean lost;

    public StopSignal() {
        this(Optional.empty());
    }

    private StopSignal(Optional<StopSignal> outer) {
        this.outer = outer;
    }

    /** One for a run that is part of this one: it stops with this one, and its own end is not this one's. */
    public StopSignal within() {
        return new StopSignal(Optional.of(this));
    }

    /** Asks to stop at the next chunk boundary; the first reason given stays. */
    public synchronized void request(String reason) {
        if (request.isEmpty()) {
            request = Optional.of(reason);
        }
    }

    /** Asks to stop without waiting for the chunk: whoever calls this also cancels the statement under way. */
    public void requestAtOnce(String reason) {
        request(reason);
        atOnce = true;
    }

    /** The right to go on is lost: that ends a run as failed, not as stopped. */
    public void requestLost(String reason) {
        request(reason);
        lost = true;
    }

    /** Whether it was this one, and not what it is a part of, that lost its right. */
    public boolean lostItself() {
        return lost;
    }

    public boolean lost() {
        return lost || outer.filter(StopSignal::lost).isPresent();
    }

    /** Stops by itself when the time has passed. */
    public void stopAfter(Duration atMost) {
        budget = atMost.toString();
        deadline = Optional.of(Instant.now().plus(atMost));
    }

    /** Why to stop now; empty to go on. */
    public Optional<String> reason() {
        if (request.isEmpty() && deadline.filter(Instant.now()::isAfter).isPresent()) {
            request("the time allowed for it (at-most " + budget + ") is over");
        }
        return request.or(() -> outer.flatMap(StopSignal::reason));
    }

    /** Whether the failure is that of a statement that we cancelled ourselves. */
    boolean cancelled(SQLException failure) {
        return "57014".equals(failure.getSQLState()) && atOnce();
    }

    private boolean atOnce() {
        return atOnce || outer.filter(StopSignal::atOnce).isPresent();
    }
}
