package io.nightshift.run.attempt;

import io.nightshift.chunk.Pause;
import io.nightshift.chunk.StopSignal;
import io.nightshift.health.HealthWatch;
import io.nightshift.health.RateLimit;
import io.nightshift.health.Turns;
import io.nightshift.job.StepDefinition;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** What a step waits for between two chunks: its rate, its turn where connections were taken away, and every hold. */
final class StepPause implements Pause {

    private static final long LONGEST_NAP = TimeUnit.MILLISECONDS.toNanos(100);

    private final Watching watching;
    private final StepDefinition step;
    private final StopSignal stop;
    private final RateLimit rate = new RateLimit();
    private final Turns turns = new Turns();
    private volatile @Nullable HealthWatch watch;

    StepPause(Watching watching, StepDefinition step, StopSignal stop) {
        this.watching = watching;
        this.step = step;
        this.stop = stop;
    }

    @Override
    public void beforeStep(BooleanSupplier ending) {
        uninterrupted(() -> {
            watch = watching.at(step);
            watch().await(ending);
        });
        if (step instanceof StepDefinition.Job) {
            watching.rest();
        }
    }

    @Override
    public void beforeChunk(int worker, long done, BooleanSupplier ending) {
        if (step instanceof StepDefinition.Job) {
            // All that is left to do is to write down what the other run has done.
            return;
        }
        uninterrupted(() -> {
            turns.over(worker);
            awaitRate(done, ending);
            if (step instanceof StepDefinition.Keyed) {
                turns.next(worker, this::connections, ending);
            }
            watch().await(ending);
        });
    }

    @Override
    public void ended(int worker) {
        turns.over(worker);
    }

    @Override
    public Duration targetDuration(Duration planned) {
        return watch().tuning().targetDuration().orElse(planned);
    }

    private HealthWatch watch() {
        HealthWatch begun = watch;
        if (begun == null) {
            throw new IllegalStateException("A chunk begins before its step has. This is a bug in Nightshift.");
        }
        return begun;
    }

    private int connections() {
        return watch().tuning().connections().orElse(step.connections());
    }

    private OptionalLong rate() {
        return watch().tuning()
                .rate()
                .map(rows -> rows == 0 ? OptionalLong.empty() : OptionalLong.of(rows))
                .orElse(step.rate());
    }

    private void awaitRate(long done, BooleanSupplier ending) throws InterruptedException {
        long nanos = rate.nanosToWait(done, rate());
        while (nanos > 0 && !ending.getAsBoolean()) {
            TimeUnit.NANOSECONDS.sleep(Math.min(nanos, LONGEST_NAP));
            nanos = rate.nanosToWait(done, rate());
        }
    }

    private interface Waiting {
        void end() throws InterruptedException;
    }

    private void uninterrupted(Waiting waiting) {
        try {
            waiting.end();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            stop.request("interrupted");
        }
    }
}
