package io.nightshift.cli.answer;

import io.nightshift.cli.terminal.Figures;
import io.nightshift.cli.terminal.Json;
import io.nightshift.run.plan.Forecast;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;

/** How a forecast is told: always as a range. */
final class ForecastAnswer {

    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss");
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm");
    private static final Duration WITHIN_A_DAY = Duration.ofHours(12);

    private ForecastAnswer() {}

    /** Null where there is none. */
    static Optional<Map<String, Object>> object(Optional<Forecast> forecast) {
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        return forecast.map(range -> Json.object(
                "from", now.plus(range.from()),
                "to", now.plus(range.to()),
                "seconds",
                        Json.object(
                                "from", Json.seconds(seconds(range.from())),
                                "to", Json.seconds(seconds(range.to()))),
                "ground", range.ground()));
    }

    /** {@code 12 min 4 s to 15 min 0 s}. */
    static String range(Forecast forecast) {
        String from = Figures.seconds(seconds(forecast.from()));
        String to = Figures.seconds(seconds(forecast.to()));
        return from.equals(to) ? from : from + " to " + to;
    }

    /** {@code in 12 min 4 s to 15 min 0 s (05:31:04 to 05:34:00)}. */
    static String end(Forecast forecast) {
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        DateTimeFormatter format =
                (forecast.to().compareTo(WITHIN_A_DAY) < 0 ? CLOCK : DAY).withZone(ZoneId.systemDefault());
        return "in %s (%s to %s)"
                .formatted(
                        range(forecast),
                        format.format(now.plus(forecast.from())),
                        format.format(now.plus(forecast.to())));
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
