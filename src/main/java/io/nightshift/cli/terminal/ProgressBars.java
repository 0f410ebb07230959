package io.nightshift.cli.terminal;

import io.nightshift.chunk.Counts;
import io.nightshift.chunk.Progress;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Progress for a terminal: a bar for the step under way, with rows, rows per second and the time that is left. */
public final class ProgressBars implements Progress, AutoCloseable {

    private static final String JOB = "job";
    private static final String CLEAR_LINE = "\r\033[K";
    private static final int INTERVAL_MILLIS = 200;

    private final PrintStream out;
    private final int columns;
    private final Map<String, Shown> steps = new HashMap<>();

    private record Shown(ProgressBar bar, StepSpeed speed) {}

    public ProgressBars(PrintStream out, int columns) {
        this.out = out;
        this.columns = columns;
    }

    @Override
    public synchronized void note(String line) {
        out.println(CLEAR_LINE + line);
    }

    @Override
    public synchronized void stepStarted(String step, String kind, long total, boolean estimate, Counts before) {
        // A step that runs another job tells of itself through that job's steps.
        if (kind.equals(JOB)) {
            return;
        }
        ProgressBar bar = new ProgressBarBuilder()
                .setTaskName(step)
                .setInitialMax(total < 0 ? -1 : total)
                .startsFrom(before.read(), Duration.ZERO)
                .setUnit(" rows", 1)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(INTERVAL_MILLIS)
                .showSpeed()
                .setConsumer(new ConsoleProgressBarConsumer(out, columns - 1))
                .clearDisplayOnFinish()
                .build();
        steps.put(step, new Shown(bar, new StepSpeed(step, total, estimate, before, Instant.now())));
    }

    @Override
    public synchronized void chunkCommitted(String step, Counts counts) {
        Shown shown = steps.get(step);
        if (shown != null) {
            shown.speed().add(counts);
            shown.bar().stepBy(counts.read());
        }
    }

    @Override
    public synchronized void stepEnded(String step, String status) {
        Shown shown = steps.remove(step);
        if (shown != null) {
            shown.bar().close();
            out.println(CLEAR_LINE + shown.speed().end(status, Instant.now()));
        }
    }

    /** Takes away the bars of steps that never ended. */
    @Override
    public synchronized void close() {
        steps.values().forEach(shown -> shown.bar().close());
        steps.clear();
    }
}
