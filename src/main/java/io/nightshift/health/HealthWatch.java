package io.nightshift.health;

import io.nightshift.database.Database;
import io.nightshift.health.signal.Amount;
import io.nightshift.health.signal.ChosenSignals;
import io.nightshift.health.signal.Limits;
import io.nightshift.health.signal.Watched;
import io.nightshift.problem.ProblemException;
import io.nightshift.sql.BoundSql;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the signals for one run, on a connection of its own, and lets it wait while one of them is a reason to. Every
 * wait is written down, with its reason.
 */
public final class HealthWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HealthWatch.class);

    /** How often it is looked whether somebody waits for a lock of ours. */
    private static final Duration TICK = Duration.ofMillis(200);

    private static final long WAKE_MILLIS = 100;

    /** The name under which the brake is a reason; signals have other names. */
    private static final String BRAKE = "brake";

    private final Database database;
    private final Subject subject;
    private final Listener listener;
    private final HoldRecord record;
    private final LiveControl control;
    private final List<Watched> signals = new ArrayList<>();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "health");
        thread.setDaemon(true);
        return thread;
    });

    private @Nullable Connection connection;
    private boolean blind;
    private long heldSince = -1;
    private volatile String step = "";
    private volatile List<String> tables = List.of();
    private volatile Optional<String> reason = Optional.empty();
    private int waiting;
    private Optional<String> told = Optional.empty();

    private HealthWatch(Database database, Subject subject, Listener listener) {
        this.database = database;
        this.subject = subject;
        this.listener = listener;
        this.record = new HoldRecord(database.schema(), subject.run());
        this.control = new LiveControl(database.schema(), subject.run());
    }

    /**
     * Whom it looks for.
     *
     * @param check the operator's own statement, with its values
     */
    public record Subject(long run, String job, Limits limits, Optional<BoundSql> check) {

        /** How the sessions of its chunks are called. */
        String sessions() {
            return "nightshift %s %d ".formatted(job, run);
        }
    }

    /** Is told what is seen. Called from a thread of the watch's own; must return at once. */
    public interface Listener {

        /** The run waits, and why, or goes on: then it is empty. */
        void waiting(Optional<String> reason);

        /** One line worth reading. */
        void note(String line);

        /** It has waited for as long as it may. */
        void tooLong(String reason);
    }

    static HealthWatch begin(Database database, Subject subject, Listener listener) {
        HealthWatch watch = new HealthWatch(database, subject, listener);
        watch.choose(subject.limits());
        long millis = TICK.toMillis();
        watch.clock.scheduleWithFixedDelay(watch::look, millis, millis, TimeUnit.MILLISECONDS);
        return watch;
    }

    private void choose(Limits limits) {
        ChosenSignals chosen = new ChosenSignals(subject.sessions(), subject.check(), () -> tables, this::yielded);
        signals.addAll(chosen.within(limits, TICK));
        signals.add(new Watched(control, limits.every()));
    }

    /**
     * From here on it is this step that waits, and these tables that are worked on. What speaks against it is known when
     * this returns.
     */
    public void atStep(String name, List<String> touched) throws InterruptedException {
        step = name;
        tables = touched;
        try {
            clock.submit(() -> {
                        signals.forEach(Watched::lookAtOnce);
                        look();
                    })
                    .get();
        } catch (ExecutionException fault) {
            throw new IllegalStateException("The signals cannot be looked at. This is a bug in Nightshift.", fault);
        }
    }

    /** Returns when there is no reason to wait, or when the step is to end. */
    public void await(BooleanSupplier ending) throws InterruptedException {
        synchronized (this) {
            waiting++;
            try {
                while (reason.isPresent() && !ending.getAsBoolean()) {
                    wait(WAKE_MILLIS);
                }
            } finally {
                waiting--;
            }
        }
    }

    /** What an operator has changed, as of the last look. */
    public Tuning tuning() {
        return control.tuning();
    }

    private void look() {
        try {
            Connection open = connected();
            for (Watched one : signals) {
                one.lookIfDue(open);
            }
            judge(open);
            blind = false;
            return;
        } catch (SQLException lost) {
            tellBlind(String.valueOf(lost.getMessage()));
        } catch (ProblemException away) {
            tellBlind(away.problems().get(0).what());
        } catch (RuntimeException fault) {
            LOG.error("The signals of run {} could not be looked at", subject.run(), fault);
            tellBlind(String.valueOf(fault.getMessage()));
        }
        disconnect();
    }

    /** What held the run before still does: nobody knows better. */
    private void tellBlind(String why) {
        if (!blind) {
            blind = true;
            listener.note("Whether there is a reason to wait cannot be seen: " + why);
        }
    }

    private void judge(Connection open) throws SQLException {
        Map<String, String> reasons = new LinkedHashMap<>();
        Map<String, String> unseen = new LinkedHashMap<>();
        control.brake().ifPresent(held -> reasons.put(BRAKE, held.words()));
        for (Watched one : signals) {
            one.sight().hold().ifPresent(why -> reasons.put(one.name(), why));
            one.sight().unseen().ifPresent(why -> unseen.put(one.name(), why));
        }
        Optional<String> now = reasons.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", reasons.values()));
        // Inside a long chunk a run does not wait, whatever speaks against the next one.
        boolean waits = becomes(now);
        for (String signal : record.update(open, step, waits ? reasons : Map.of(), unseen)) {
            listener.note("Not seen: " + signal);
        }
        tell(waits ? now : Optional.empty());
        endWhenTooLong(waits ? reasons : Map.of());
    }

    /** Whether a connection waits for it. */
    private synchronized boolean becomes(Optional<String> now) {
        reason = now;
        notifyAll();
        return now.isPresent() && waiting > 0;
    }

    private void tell(Optional<String> now) {
        if (!now.equals(told)) {
            told = now;
            listener.waiting(now);
        }
    }

    /** The brake has no end of its own: whoever put it on wants runs to wait, not to end. */
    private void endWhenTooLong(Map<String, String> reasons) {
        Duration atMost = subject.limits().atMost();
        if (reasons.isEmpty() || reasons.containsKey(BRAKE) || atMost.isZero()) {
            heldSince = -1;
        } else if (heldSince < 0) {
            heldSince = System.nanoTime();
        } else if (System.nanoTime() - heldSince >= atMost.toNanos()) {
            listener.tooLong("it waited for %s, the longest that a hold may last: %s"
                    .formatted(Amount.of(atMost), String.join("; ", reasons.values())));
        }
    }

    private void yielded(String message) {
        listener.note(step.isEmpty() ? message : step + ": " + message);
        try {
            record.event(connected(), step, "yield", message);
        } catch (SQLException unwritten) {
            LOG.warn("An event of run {} could not be written: {}", subject.run(), message, unwritten);
        }
    }

    private Connection connected() throws SQLException {
        if (connection == null) {
            Connection fresh = database.dedicated("nightshift health %s %d".formatted(subject.job(), subject.run()));
            try (Statement bounds = fresh.createStatement()) {
                bounds.execute("SET statement_timeout = '5s'");
                bounds.execute("SET lock_timeout = '1s'");
            }
            record.forget(fresh);
            connection = fresh;
        }
        return connection;
    }

    private void disconnect() {
        Connection old = connection;
        connection = null;
        if (old != null) {
            try {
                old.close();
            } catch (SQLException gone) {
                // It was lost already.
            }
        }
    }

    /** Looks no more. */
    @Override
    public void close() {
        clock.shutdown();
        try {
            // The last look has to end before its connection does.
            clock.awaitTermination(10, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        Connection last = connection;
        if (last != null) {
            try {
                record.close(last, step);
            } catch (SQLException gone) {
                LOG.warn("The end of the waiting of run {} could not be written", subject.run(), gone);
            }
        }
        disconnect();
        listener.waiting(Optional.empty());
    }
}
