package io.nightshift.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RateLimitTest {

    private static final OptionalLong THOUSAND = OptionalLong.of(1_000);

    private long now = 5_000_000_000L;
    private final RateLimit limit = new RateLimit(() -> now);

    @Test
    void aChunkIsPaidForAfterwards() {
        assertThat(limit.nanosToWait(0, THOUSAND)).isZero();
        pass(100);
        assertThat(limit.nanosToWait(500, THOUSAND)).isEqualTo(millis(400));
        pass(400);
        assertThat(limit.nanosToWait(500, THOUSAND)).isZero();
    }

    @Test
    void whatEarlierAttemptsHaveDoneCostsNothing() {
        assertThat(limit.nanosToWait(1_000_000, THOUSAND)).isZero();
        assertThat(limit.nanosToWait(1_000_100, THOUSAND)).isEqualTo(millis(100));
    }

    @Test
    void overManyChunksTheRateIsExactWhateverTheyTake() {
        long rows = 0;
        long begin = now;
        limit.nanosToWait(rows, THOUSAND);
        for (int chunk = 0; chunk < 100; chunk++) {
            pass(chunk % 7 * 40);
            rows += 250;
            now += limit.nanosToWait(rows, THOUSAND);
        }
        assertThat(TimeUnit.NANOSECONDS.toMillis(now - begin)).isBetween(24_000L, 25_001L);
    }

    @Test
    void connectionsPayTogether() {
        limit.nanosToWait(0, THOUSAND);
        assertThat(limit.nanosToWait(300, THOUSAND)).isEqualTo(millis(300));
        assertThat(limit.nanosToWait(200, THOUSAND)).as("a sum that came late").isEqualTo(millis(300));
        assertThat(limit.nanosToWait(500, THOUSAND)).isEqualTo(millis(500));
    }

    @Test
    void aPauseIsNotMadeUpForByMoreThanASecondsRows() {
        limit.nanosToWait(0, THOUSAND);
        pass(3_600_000);
        assertThat(limit.nanosToWait(0, THOUSAND)).isZero();
        assertThat(limit.nanosToWait(1_500, THOUSAND)).isEqualTo(millis(500));
    }

    @Test
    void anotherRateHoldsFromTheNextQuestionOn() {
        limit.nanosToWait(0, OptionalLong.of(1));
        assertThat(limit.nanosToWait(1_000, OptionalLong.of(1))).isEqualTo(millis(1_000_000));
        assertThat(limit.nanosToWait(1_000, OptionalLong.of(10_000))).isEqualTo(millis(100));
        assertThat(limit.nanosToWait(1_000, OptionalLong.empty())).isZero();
        assertThat(limit.nanosToWait(1_100, THOUSAND)).isEqualTo(millis(100));
    }

    private void pass(long millis) {
        now += millis(millis);
    }

    private static long millis(long count) {
        return TimeUnit.MILLISECONDS.toNanos(count);
    }
}
