package io.nightshift.job;

import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Optional;

/**
 * The time windows of a report. Without {@code from} and {@code to} they are the last {@code count} complete ones
 * before the run's {@code asOf}.
 *
 * @param unit  how long one window is
 * @param zone  whose midnights bound it
 * @param count how many windows, at least 1; only without {@code from}
 * @param from  a day in the first window
 * @param to    the day behind the last window, exclusive; without it, windows run up to {@code asOf}
 */
public record Window(Unit unit, ZoneId zone, int count, Optional<LocalDate> from, Optional<LocalDate> to) {

    /** Weeks begin on Monday (ISO 8601). */
    public enum Unit {
        DAY,
        WEEK,
        MONTH
    }
}
