package io.nightshift.run.replay;

import io.nightshift.chunk.Counts;
import java.util.List;
import java.util.Optional;

/**
 * What came of trying rejects again.
 *
 * @param counts  of those that were tried: written, rejected again, skipped since there was nothing to do any more
 * @param open    how many are open now
 * @param steps   each one that had open rejects
 * @param stopped why it ended before all were tried
 */
public record ReplayResult(long run, Counts counts, long open, List<StepReplay> steps, Optional<String> stopped) {

    public record StepReplay(long run, String job, String step, Counts counts) {}
}
