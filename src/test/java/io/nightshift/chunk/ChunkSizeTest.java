package io.nightshift.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ChunkSizeTest {

    private static final Duration TARGET = Duration.ofMillis(100);

    @Test
    void quickChunksGrowStepByStepToThreeQuartersOfTheTarget() {
        ChunkSize size = new ChunkSize(1_000, TARGET);
        size.committed(1_000, Duration.ofMillis(5));
        assertThat(size.rows()).isEqualTo(2_000);
        for (int chunk = 0; chunk < 20; chunk++) {
            size.committed(size.rows(), Duration.ofNanos(size.rows() * 5_000L));
        }
        assertThat(size.rows()).isEqualTo(15_000);
    }

    @Test
    void slowChunksShrinkStepByStepButNotBelowTheFloor() {
        ChunkSize size = new ChunkSize(1_000, TARGET);
        size.committed(1_000, Duration.ofSeconds(10));
        assertThat(size.rows()).isEqualTo(500);
        for (int chunk = 0; chunk < 20; chunk++) {
            size.committed(size.rows(), Duration.ofSeconds(10));
        }
        assertThat(size.rows()).isEqualTo(50);
    }

    @Test
    void oneSlowChunkAmongQuickOnesIsSmoothedAway() {
        ChunkSize size = new ChunkSize(10_000, TARGET);
        for (int chunk = 0; chunk < 20; chunk++) {
            size.committed(10_000, Duration.ofMillis(75));
        }
        size.committed(10_000, Duration.ofMillis(150));
        assertThat(size.rows()).isBetween(7_000, 9_000);
    }

    @Test
    void theRestOfARangeSaysNothing() {
        ChunkSize size = new ChunkSize(1_000, TARGET);
        size.committed(10, Duration.ofMillis(40));
        assertThat(size.rows()).isEqualTo(1_000);
    }

    @Test
    void withoutATargetChunksStayAsLargeAsTheyAre() {
        ChunkSize size = new ChunkSize(1_000, Duration.ZERO);
        size.committed(1_000, Duration.ofMillis(1));
        assertThat(size.rows()).isEqualTo(1_000);
    }

    @Test
    void aChunkThatTimedOutIsHalvedDownToOneRow() {
        ChunkSize size = new ChunkSize(5, TARGET);
        assertThat(size.halve()).isTrue();
        assertThat(size.rows()).isEqualTo(2);
        assertThat(size.halve()).isTrue();
        assertThat(size.halve()).isFalse();
        assertThat(size.rows()).isEqualTo(1);
    }

    @Test
    void afterATimeOutGrowthBeginsFromTheHalf() {
        ChunkSize size = new ChunkSize(40, TARGET);
        size.halve();
        size.committed(20, Duration.ofSeconds(1));
        assertThat(size.rows()).isEqualTo(20);
        size.committed(20, Duration.ofMillis(1));
        assertThat(size.rows()).isLessThanOrEqualTo(40);
    }
}
