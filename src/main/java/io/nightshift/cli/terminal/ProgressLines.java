package io.nightshift.cli.terminal;

import io.nightshift.chunk.Counts;
import io.nightshift.chunk.Progress;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** Progress for a pipe or a file: a line per step every few seconds, and one when it ends. */
public final class ProgressLines implements Progress {

    private static final String JOB = "job";

    private final PrintStream out;
    private final Duration every;
    private final Clock clock;
    private final Map<String, StepSpeed> steps = new HashMap<>();
    private Instant last;

    public ProgressLines(PrintStream out, Duration every) {
        this(out, every, Clock.systemUTC());
    }

    ProgressLines(PrintStream out, Duration every, Clock clock) {
        this.out = out;
        this.every = every;
        this.clock = clock;
        this.last = clock.instant();
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
        StepSpeed speed = steps.get(step);
        if (speed == null) {
            return;
        }
        speed.add(counts);
        Instant now = clock.instant();
        if (Duration.between(last, now).compareTo(every) >= 0) {
            last = now;
            out.println(speed.line(now));
        }
    }

    @Override
    public synchronized void stepEnded(String step, String status) {
        StepSpeed speed = steps.remove(step);
        if (speed != null) {
            out.println(speed.end(status, clock.instant()));
        }
    }
}
