package io.nightshift.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CronScheduleTest {

    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    /**
     * Where we have chosen otherwise: a nightly time that does not exist comes at the end of the gap instead of not at
     * all, one that exists twice comes once instead of twice.
     */
    private static final List<String> OTHER_POLICY =
            List.of("TestNext:20", "TestNext:31", "TestNext:33", "TestNext:38", "TestNext:48");

    @Test
    void theNextSlotIsThatOfAnotherCron() {
        List<String> different = new ArrayList<>();
        int compared = 0;
        for (List<String> row : CronCases.of("next.csv")) {
            Optional<String> fiveFields = fiveFields(row.get(1), row.get(2));
            if (fiveFields.isPresent()) {
                compared++;
                Optional<Instant> expected =
                        Optional.of(row.get(6)).filter(text -> !text.isEmpty()).map(CronScheduleTest::instant);
                Optional<Instant> next =
                        CronSchedule.of(fiveFields.get(), zone(row.get(3))).next(instant(row.get(4)));
                if (!next.equals(expected)) {
                    different.add(row.get(0));
                }
            }
        }
        assertThat(compared).isGreaterThan(50);
        assertThat(different).isEqualTo(OTHER_POLICY);
    }

    @Test
    void aScheduleComesAtTheInstantsOfAnotherCron() {
        for (List<String> row : CronCases.of("activation.csv")) {
            if (row.get(2).equals("5")) {
                Instant instant = instant(row.get(4));
                Optional<Instant> next =
                        CronSchedule.of(row.get(1), zone(row.get(3))).next(instant.minusNanos(1));
                assertThat(next.equals(Optional.of(instant)))
                        .as(row.get(0))
                        .isEqualTo(Boolean.parseBoolean(row.get(5)));
            }
        }
    }

    @Test
    void whatIsNoCronIsRefused() {
        for (List<String> row : CronCases.of("invalid.csv")) {
            assertThatIllegalArgumentException()
                    .as(row.get(0))
                    .isThrownBy(() -> CronSchedule.of(row.get(0), ZoneOffset.UTC));
        }
    }

    /** Minutes and seconds may not differ: what is compared has no field for them. */
    private static Optional<String> fiveFields(String expression, String fields) {
        if (fields.equals("5")) {
            return Optional.of(expression);
        }
        return expression.startsWith("0 ") ? Optional.of(expression.substring(2)) : Optional.empty();
    }

    private static ZoneId zone(String name) {
        return ZoneId.of(name.replace("fixed", ""));
    }

    private static Instant instant(String text) {
        return OffsetDateTime.parse(text).toInstant();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    30 2 * * *     | 2026-03-29T01:00:00Z
                    */20 2 * * *   | 2026-03-29T01:00:00Z
                    0 3 * * *      | 2026-03-29T01:00:00Z
                    0 2-3 * * *    | 2026-03-29T01:00:00Z
                    30 3 * * *     | 2026-03-29T01:30:00Z
                    0 * * * *      | 2026-03-29T00:00:00Z, 2026-03-29T01:00:00Z, 2026-03-29T02:00:00Z
                    30 * * * *     | 2026-03-28T23:30:00Z, 2026-03-29T00:30:00Z, 2026-03-29T01:30:00Z
                    """)
    void whenTheClockIsPutForwardNothingIsLostOrDoubled(String cron, String expected) {
        assertThat(slots(cron, "2026-03-28T23:00:00Z", "2026-03-29T02:00:00Z")).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    30 2 * * *     | 2026-10-25T00:30:00Z
                    */30 2 * * *   | 2026-10-25T00:00:00Z, 2026-10-25T00:30:00Z
                    0 3 * * *      | 2026-10-25T02:00:00Z
                    0 * * * *      | 2026-10-25T00:00:00Z, 2026-10-25T01:00:00Z, 2026-10-25T02:00:00Z
                    30 0-23 * * *  | 2026-10-24T23:30:00Z, 2026-10-25T00:30:00Z, 2026-10-25T01:30:00Z
                    """)
    void whenTheClockIsPutBackNothingIsLostOrDoubled(String cron, String expected) {
        assertThat(slots(cron, "2026-10-24T23:00:00Z", "2026-10-25T02:00:00Z")).isEqualTo(expected);
    }

    private static String slots(String cron, String after, String upTo) {
        List<Instant> slots = CronSchedule.of(cron, BERLIN).between(Instant.parse(after), Instant.parse(upTo));
        return String.join(", ", slots.stream().map(Instant::toString).toList());
    }

    @Test
    void everyFiveMinutesComesEveryFiveRealMinutesTheWholeYear() {
        List<Instant> slots = CronSchedule.of("*/5 * * * *", BERLIN)
                .between(Instant.parse("2026-03-28T00:00:00Z"), Instant.parse("2026-03-30T00:00:00Z"));
        for (int i = 1; i < slots.size(); i++) {
            assertThat(Duration.between(slots.get(i - 1), slots.get(i))).isEqualTo(Duration.ofMinutes(5));
        }
        assertThat(slots).hasSize(2 * 24 * 12);
    }

    @Test
    void aDayThatAZoneLeftOutIsMadeUpForOnce() {
        Slots slots = CronSchedule.of("30 2 * * *", ZoneId.of("Pacific/Apia"));
        assertThat(slots.between(Instant.parse("2011-12-29T10:00:00Z"), Instant.parse("2011-12-31T10:00:00Z")))
                .containsExactly(
                        Instant.parse("2011-12-29T12:30:00Z"),
                        Instant.parse("2011-12-30T10:00:00Z"),
                        Instant.parse("2011-12-30T12:30:00Z"));
    }
}
