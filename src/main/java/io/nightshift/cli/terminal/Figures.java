package io.nightshift.cli.terminal;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;

/** Numbers, durations and times as people read them; the same in every locale. */
public final class Figures {

    private Figures() {}

    /** {@code 1,234,567}. */
    public static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** {@code 3 rows}, {@code 1 row}. */
    public static String count(long number, String thing) {
        return count(number) + " " + thing + (number == 1 ? "" : "s");
    }

    /** {@code 0.4 s}, {@code 3 min 5 s}, {@code 2 h 10 min}. */
    public static String seconds(double seconds) {
        Duration whole = Duration.ofSeconds(Math.round(seconds));
        if (whole.toHours() > 0) {
            return whole.toHours() + " h " + whole.toMinutesPart() + " min";
        }
        if (whole.toMinutes() > 0) {
            return whole.toMinutes() + " min " + whole.toSecondsPart() + " s";
        }
        return String.format(Locale.ROOT, "%.1f s", seconds);
    }

    /** How long something has taken, until now when it is not over. */
    public static String between(Instant start, Optional<Instant> end) {
        return seconds(Duration.between(start, end.orElseGet(Instant::now)).toMillis() / 1000.0);
    }

    /** To the second, in this machine's zone, with the distance to UTC. */
    public static String time(Instant instant) {
        return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(
                instant.truncatedTo(ChronoUnit.SECONDS).atZone(ZoneId.systemDefault()));
    }
}
