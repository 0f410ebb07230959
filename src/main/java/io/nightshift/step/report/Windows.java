package io.nightshift.step.report;

import io.nightshift.job.Window;
import io.nightshift.sql.SqlValue;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The time windows that a report covers, oldest first; each is bounded by midnights of its zone. */
record Windows(List<Span> spans) {

    /**
     * @param first the first day, which names the window
     * @param start inclusive
     * @param end   exclusive
     */
    record Span(LocalDate first, Instant start, Instant end) {

        /** The bounds as statements know them. */
        Map<String, SqlValue> values() {
            return Map.of("windowStart", timestamp(start), "windowEnd", timestamp(end));
        }

        private static SqlValue timestamp(Instant instant) {
            return new SqlValue("timestamptz", instant.atOffset(ZoneOffset.UTC).toString());
        }
    }

    static Windows of(Window window, Instant asOf) {
        LocalDate current = start(window, asOf.atZone(window.zone()).toLocalDate());
        LocalDate from;
        LocalDate to;
        if (window.from().isPresent()) {
            from = start(window, window.from().get());
            to = window.to().orElse(next(window, current));
        } else {
            from = back(window, current, window.count());
            to = current;
        }
        List<Span> spans = new ArrayList<>();
        for (LocalDate day = from; day.isBefore(to); day = next(window, day)) {
            spans.add(new Span(day, midnight(day, window.zone()), midnight(next(window, day), window.zone())));
        }
        return new Windows(spans);
    }

    private static Instant midnight(LocalDate day, ZoneId zone) {
        return day.atStartOfDay(zone).toInstant();
    }

    private static LocalDate start(Window window, LocalDate day) {
        return switch (window.unit()) {
            case DAY -> day;
            case WEEK -> day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
            case MONTH -> day.withDayOfMonth(1);
        };
    }

    private static LocalDate next(Window window, LocalDate start) {
        return back(window, start, -1);
    }

    private static LocalDate back(Window window, LocalDate start, int count) {
        return switch (window.unit()) {
            case DAY -> start.minusDays(count);
            case WEEK -> start.minusWeeks(count);
            case MONTH -> start.minusMonths(count);
        };
    }

    /** From the start of the first to the end of the last; of an empty list, nothing. */
    Span whole() {
        if (spans.isEmpty()) {
            return new Span(LocalDate.EPOCH, Instant.EPOCH, Instant.EPOCH);
        }
        Span first = spans.get(0);
        return new Span(
                first.first(), first.start(), spans.get(spans.size() - 1).end());
    }
}
