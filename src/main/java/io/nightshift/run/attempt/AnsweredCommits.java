package io.nightshift.run.attempt;

import io.nightshift.chunk.Counts;
import io.nightshift.chunk.Progress;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts the commits of one attempt that the database has answered, and passes everything on. What the ledger has
 * beyond them was committed though the answer was lost.
 */
final class AnsweredCommits implements Progress {

    private final Progress shown;
    private final AtomicLong answered = new AtomicLong();

    AnsweredCommits(Progress shown) {
        this.shown = shown;
    }

    long count() {
        return answered.get();
    }

    @Override
    public void note(String line) {
        shown.note(line);
    }

    @Override
    public void waiting(Optional<String> reason) {
        shown.waiting(reason);
    }

    @Override
    public void stepStarted(String step, String kind, long total, boolean estimate, Counts before) {
        shown.stepStarted(step, kind, total, estimate, before);
    }

    @Override
    public void chunkCommitted(String step, Counts counts) {
        answered.incrementAndGet();
        shown.chunkCommitted(step, counts);
    }

    @Override
    public void stepEnded(String step, String status) {
        shown.stepEnded(step, status);
    }
}
