package io.nightshift.cli.terminal;

import io.nightshift.chunk.Counts;
import io.nightshift.chunk.Progress;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
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
    private Optional<String> waits = Optional.empty();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "progress");
        thread.setDaemon(true);
        return thread;
    });

    /** @param bar none where nobody knows how much there is: an empty one would say nothing */
    private record Shown(Optional<ProgressBar> bar, StepSpeed speed) {}

    public ProgressBars(PrintStream out, int columns) {
        this.out = out;
        this.columns = columns;
        timer.scheduleWithFixedDelay(this::tell, INTERVAL_MILLIS, INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** A line for a step without a bar, over the one before. */
    private synchronized void tell() {
        steps.values().stream()
                .filter(shown -> shown.bar().isEmpty())
                .findFirst()
                .ifPresent(shown -> out.print(CLEAR_LINE + shown.speed().underWay(Instant.now()) + message()));
        out.flush();
    }

    @Override
    public synchronized void note(String line) {
        out.println(CLEAR_LINE + line);
    }

    @Override
    public synchronized void waiting(Optional<String> reason) {
        // On a line of its own, because a bar cuts off what does not fit into the terminal's width.
        if (waits.isEmpty() && reason.isPresent()) {
            note("The run waits: " + reason.get());
        }
        waits = reason;
        steps.values().forEach(shown -> shown.bar().ifPresent(bar -> bar.setExtraMessage(message())));
    }

    private String message() {
        return waits.map(reason -> " waits: " + reason).orElse("");
    }

    @Override
    public synchronized void stepStarted(String step, String kind, long total, boolean estimate, Counts before) {
        // A step that runs another job tells of itself through that job's steps.
        if (kind.equals(JOB)) {
            return;
        }
        StepSpeed speed = new StepSpeed(step, total, estimate, before, Instant.now());
        steps.put(step, new Shown(total > 0 ? Optional.of(bar(step, total, before)) : Optional.empty(), speed));
    }

    private ProgressBar bar(String step, long total, Counts before) {
        return new ProgressBarBuilder()
                .setTaskName(step)
                .setInitialMax(total)
                .startsFrom(before.read(), Duration.ZERO)
                .setUnit(" rows", 1)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(INTERVAL_MILLIS)
                .showSpeed()
                .setConsumer(new OneLine(out, columns - 1))
                .clearDisplayOnFinish()
                .build()
                .setExtraMessage(message());
    }

    /** Ends without a line end: the line of the finished step takes the bar's place. */
    private static final class OneLine extends ConsoleProgressBarConsumer {

        private final PrintStream terminal;

        OneLine(PrintStream out, int columns) {
            super(out, columns);
            this.terminal = out;
        }

        @Override
        public void close() {
            terminal.flush();
        }
    }

    @Override
    public synchronized void chunkCommitted(String step, Counts counts) {
        Shown shown = steps.get(step);
        if (shown != null) {
            shown.speed().add(counts);
            shown.bar().ifPresent(bar -> bar.stepBy(counts.read()));
        }
    }

    @Override
    public synchronized void stepEnded(String step, String status) {
        Shown shown = steps.remove(step);
        if (shown != null) {
            shown.bar().ifPresent(ProgressBar::close);
            out.println(CLEAR_LINE + shown.speed().end(status, Instant.now()));
        }
    }

    /** Takes away the bars of steps that never ended. */
    @Override
    public synchronized void close() {
        timer.shutdownNow();
        steps.values().forEach(shown -> shown.bar().ifPresent(ProgressBar::close));
        if (!steps.isEmpty()) {
            out.print(CLEAR_LINE);
            out.flush();
        }
        steps.clear();
    }
}
