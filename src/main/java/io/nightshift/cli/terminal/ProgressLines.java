package io.nightshift.cli.terminal;

import io.nightshift.chunk.Counts;
import io.nightshift.chunk.Progress;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Progress for a pipe or a file: a line per step every few seconds, and one when it ends. */
public final class ProgressLines implements Progress, AutoCloseable {

    private static final String JOB = "job";

    private final PrintStream out;
    private final Clock clock;
    private final Map<String, StepSpeed> steps = new LinkedHashMap<>();
    private Optional<String> waits = Optional.empty();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "progress");
        thread.setDaemon(true);
        return thread;
    });

    ProgressLines(PrintStream out, Clock clock) {
        this.out = out;
        this.clock = clock;
    }

    /** Tells how it stands every so often until it is closed, chunks or not: a long one would look like a dead one. */
    public static ProgressLines every(Duration interval, PrintStream out) {
        ProgressLines lines = new ProgressLines(out, Clock.systemUTC());
        long millis = interval.toMillis();
        lines.timer.scheduleAtFixedRate(lines::tell, millis, millis, TimeUnit.MILLISECONDS);
        return lines;
    }

    /** A line for each step under way. */
    synchronized void tell() {
        String why = waits.map(reason -> "waits: " + reason).orElse("");
        if (steps.isEmpty() && !why.isEmpty()) {
            out.println("The run " + why);
        }
        steps.values().forEach(speed -> out.println(speed.line(clock.instant()) + (why.isEmpty() ? "" : "; " + why)));
    }

    @Override
    public synchronized void waiting(Optional<String> reason) {
        if (waits.isEmpty() && reason.isPresent()) {
            out.println("The run waits: " + reason.get());
        }
        waits = reason;
    }

    @Override
    public synchronized void note(String line) {
        out.println(line);
    }

    @Override
    public synchronized void stepStarted(String step, String kind, long total, boolean estimate, Counts before) {
        // A step that runs another job tells of itself through that job's steps.
        if (!kind.equals(JOB)) {
            steps.put(step, new StepSpeed(step, total, estimate, before, clock.instant()));
        }
    }

    @Override
    public synchronized void chunkCommitted(String step, Counts counts) {
        if (steps.containsKey(step)) {
            steps.get(step).add(counts);
        }
    }

    @Override
    public synchronized void stepEnded(String step, String status) {
        StepSpeed speed = steps.remove(step);
        if (speed != null) {
            out.println(speed.end(status, clock.instant()));
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
