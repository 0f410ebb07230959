package io.nightshift.step.load.write;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PartSizeTest {

    private final PartSize size = new PartSize();

    @Test
    void aPageWithoutBadRecordsIsFollowedByAWholeOne() {
        size.seen(5_000, 0, Duration.ofMillis(50));
        assertThat(size.records()).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void partsAreSmallerWhereMoreIsBadAndWhereRecordsAreDearer() {
        int some = after(5_000, 5, Duration.ofMillis(50));

        assertThat(some).isBetween(100, 5_000);
        assertThat(after(5_000, 20, Duration.ofMillis(50))).isEqualTo(some / 2);
        assertThat(after(5_000, 5, Duration.ofMillis(200))).isEqualTo(some / 2);
        assertThat(after(5_000, 5_000, Duration.ofMinutes(10))).isEqualTo(16);
    }

    @Test
    void badRecordsAreForgottenSlowly() {
        size.seen(5_000, 5, Duration.ofMillis(50));
        int before = size.records();
        for (int page = 0; page < 4; page++) {
            size.seen(5_000, 0, Duration.ofMillis(50));
            assertThat(size.records()).isGreaterThan(before).isLessThan(3 * before);
            before = size.records();
        }
    }

    private static int after(int records, int refused, Duration took) {
        PartSize size = new PartSize();
        size.seen(records, refused, took);
        return size.records();
    }
}
