package io.nightshift.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} of the program, of its backend, of the server and of both, wherever it hurts: whatever happens, the
 * database and the files end as if nothing had.
 *
 * <p>The full form is {@code ./mvnw verify -Pcrash}; {@code -Dnightshift.crash.seed=N} repeats another one's kills.
 */
class CrashHarnessTest {

    private static final boolean FULL = Boolean.getBoolean("nightshift.crash.full");
    private static final long SEED = Long.getLong("nightshift.crash.seed", FULL ? System.nanoTime() % 1_000_000 : 7);

    @TempDir
    Path directory;

    @Test
    void killedAnywhereItEndsAsIfNothingHadHappened() {
        KillLog log = new KillLog(SEED);
        try (Harness harness = new Harness(Build.current(), CrashServer.start("crash-postgres"), directory)) {
            Deck deck = FULL ? full() : brief();
            while (!deck.isEmpty()) {
                if (FULL) {
                    Scenarios.everyKind().forEach(scenario -> harness.play(scenario, deck, 6, log));
                }
                harness.play(Scenarios.NIGHT, deck, 8, log);
            }
        } finally {
            log.print();
        }
        if (FULL) {
            assertThat(log.count()).isGreaterThanOrEqualTo(200);
            assertThat(log.insideChunk()).isGreaterThanOrEqualTo(120);
        }
        for (Phase phase : Phase.values()) {
            assertThat(log.in(phase)).as("kills %s", phase).isGreaterThanOrEqualTo(phase.timed() ? 0 : FULL ? 5 : 1);
        }
    }

    private static Deck full() {
        return new Deck(SEED)
                .with(70, Phase.BETWEEN_STATEMENTS)
                .with(16, Phase.BEFORE_CONTEXT)
                .with(40, Phase.BEFORE_COMMIT)
                .with(24, Phase.AFTER_COMMIT)
                .with(10, Phase.OPENING)
                .with(14, Phase.END_OF_STEP)
                .with(12, Phase.END_OF_RUN)
                .with(16, Phase.TAKE_OVER)
                .with(20, Phase.MOMENT_ELSEWHERE)
                .shuffled();
    }

    private static Deck brief() {
        return new Deck(SEED)
                .with(8, Phase.BETWEEN_STATEMENTS)
                .with(2, Phase.BEFORE_CONTEXT)
                .with(4, Phase.BEFORE_COMMIT)
                .with(4, Phase.AFTER_COMMIT)
                .with(1, Phase.OPENING)
                .with(2, Phase.END_OF_STEP)
                .with(1, Phase.END_OF_RUN)
                .with(2, Phase.TAKE_OVER)
                .with(1, Phase.MOMENT_ELSEWHERE)
                .shuffled();
    }
}
