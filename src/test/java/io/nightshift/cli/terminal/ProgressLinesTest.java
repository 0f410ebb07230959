package io.nightshift.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.chunk.Counts;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class ProgressLinesTest {

    private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
    private final SetClock clock = new SetClock();
    private final ProgressLines progress = new ProgressLines(new PrintStream(shown, true), clock);

    @Test
    void aLineHasRowsShareSpeedAndTheTimeThatIsLeft() {
        progress.stepStarted("users", "load", 240_000, false, Counts.ZERO);
        clock.pass(Duration.ofSeconds(10));
        progress.chunkCommitted("users", new Counts(60_000, 59_990, 10, 0));
        progress.tell();

        assertThat(lines())
                .containsExactly("users: 60,000 of 240,000 rows (25 %), 6,000 rows/s, 30.0 s left, 10 rejected");
    }

    @Test
    void whatEarlierAttemptsHaveDoneCountsForTheShareAndNotForTheSpeed() {
        progress.stepStarted("users", "load", 200, true, new Counts(100, 100, 0, 0));
        clock.pass(Duration.ofSeconds(10));
        progress.chunkCommitted("users", new Counts(50, 50, 0, 0));
        progress.tell();

        assertThat(lines()).containsExactly("users: 150 of about 200 rows (75 %), 5 rows/s, 10.0 s left");
    }

    @Test
    void aStepWithoutATotalShowsNoShareAndNoTimeLeft() {
        progress.stepStarted("clean", "sql", -1, false, Counts.ZERO);
        clock.pass(Duration.ofSeconds(5));
        progress.tell();

        assertThat(lines()).containsExactly("clean: 0 rows, 0 rows/s");
    }

    @Test
    void aStepThatEndsSaysHow() {
        progress.stepStarted("one", "update", 2, false, Counts.ZERO);
        clock.pass(Duration.ofSeconds(2));
        progress.chunkCommitted("one", new Counts(2, 2, 0, 0));
        progress.stepEnded("one", "COMPLETED");
        progress.stepStarted("two", "update", 2, false, Counts.ZERO);
        clock.pass(Duration.ofSeconds(75));
        progress.stepEnded("two", "STOPPED");
        progress.tell();

        assertThat(lines())
                .containsExactly("one: 2 rows in 2.0 s, 1 rows/s", "two: STOPPED after 0 rows in 1 min 15 s, 0 rows/s");
    }

    @Test
    void aStepThatRunsAnotherJobLeavesTheTalkingToThatJob() {
        progress.stepStarted("purge-users", "job", 1, false, Counts.ZERO);
        progress.chunkCommitted("purge-users", Counts.ZERO);
        progress.tell();
        progress.stepEnded("purge-users", "COMPLETED");

        assertThat(lines()).isEmpty();
    }

    private java.util.List<String> lines() {
        return shown.toString(StandardCharsets.UTF_8).lines().toList();
    }

    /** Stands still until it is told how much time has passed. */
    private static final class SetClock extends Clock {

        private Instant now = Instant.EPOCH;

        void pass(Duration time) {
            now = now.plus(time);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
