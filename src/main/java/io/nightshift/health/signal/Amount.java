package io.nightshift.health.signal;

import java.time.Duration;
import java.util.Locale;

/** Times and bytes in the words of a reason. */
public final class Amount {

    private static final long KILO = 1024;

    private Amount() {}

    /** {@code 150 ms}, {@code 4.5 s}, {@code 3 min 5 s}, {@code 2 h 10 min}. */
    public static String of(Duration time) {
        if (time.toMillis() < 1_000) {
            return time.toMillis() + " ms";
        }
        if (time.toMinutes() < 1) {
            return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0);
        }
        return time.toHours() < 1
                ? time.toMinutes() + " min " + time.toSecondsPart() + " s"
                : time.toHours() + " h " + time.toMinutesPart() + " min";
    }

    /** {@code 900 B}, {@code 1.5 MB}, {@code 12.0 GB}. */
    static String bytes(long count) {
        String[] units = {"B", "KB", "MB", "GB", "TB"};
        double amount = count;
        int unit = 0;
        while (amount >= KILO && unit < units.length - 1) {
            amount /= KILO;
            unit++;
        }
        return unit == 0 ? count + " B" : String.format(Locale.ROOT, "%.1f %s", amount, units[unit]);
    }
}
