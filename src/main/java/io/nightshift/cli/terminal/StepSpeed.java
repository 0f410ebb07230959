package io.nightshift.cli.terminal;

import io.nightshift.chunk.Counts;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** How far one step is, how fast it has been in this attempt, and when it will be done. Not thread-safe. */
final class StepSpeed {

    private final String name;
    private final long total;
    private final boolean estimate;
    private final Counts before;
    private final Instant start;
    private Counts now;

    StepSpeed(String name, long total, boolean estimate, Counts before, Instant start) {
        this.name = name;
        this.total = total;
        this.estimate = estimate;
        this.before = before;
        this.start = start;
        this.now = before;
    }

    void add(Counts chunk) {
        now = now.plus(chunk);
    }

    Counts rows() {
        return now;
    }

    /** {@code users: 120,000 of about 240,000 rows (50 %), 35,210 rows/s, 3 s left}. */
    String line(Instant at) {
        StringBuilder line = new StringBuilder(name + ": " + Figures.count(now.read()));
        if (total > 0) {
            line.append(" of ")
                    .append(estimate ? "about " : "")
                    .append(Figures.count(total))
                    .append(" rows (")
                    .append(Math.min(100, now.read() * 100 / total))
                    .append(" %)");
        } else {
            line.append(now.read() == 1 ? " row" : " rows");
        }
        line.append(", ").append(Figures.count(Math.round(rate(at)))).append(" rows/s");
        left(at).ifPresent(seconds ->
                line.append(", ").append(Figures.seconds(seconds)).append(" left"));
        if (now.rejected() > 0) {
            line.append(", ").append(Figures.count(now.rejected())).append(" rejected");
        }
        return line.toString();
    }

    /** {@code users: 240,000 rows in 6.8 s, 35,210 rows/s}, with whatever else there is to say. */
    String end(String status, Instant at) {
        String how = status.equals("COMPLETED") ? "" : status + " after ";
        String rejected = now.rejected() == 0 ? "" : ", " + Figures.count(now.rejected()) + " rejected";
        return "%s: %s%s in %s, %s rows/s%s"
                .formatted(
                        name,
                        how,
                        Figures.count(now.read(), "row"),
                        Figures.seconds(elapsed(at)),
                        Figures.count(Math.round(rate(at))),
                        rejected);
    }

    /** {@code analyze: under way for 3.2 s}, where nobody knows how much there is. */
    String underWay(Instant at) {
        String rows = now.read() == 0 ? "" : Figures.count(now.read(), "row") + ", ";
        return "%s: %sunder way for %s".formatted(name, rows, Figures.seconds(elapsed(at)));
    }

    private double elapsed(Instant at) {
        return Duration.between(start, at).toMillis() / 1000.0;
    }

    /** Rows per second of this attempt; what earlier ones have done took no time of ours. */
    double rate(Instant at) {
        double elapsed = elapsed(at);
        return elapsed <= 0 ? 0 : (now.read() - before.read()) / elapsed;
    }

    private Optional<Double> left(Instant at) {
        double rate = rate(at);
        return total > now.read() && rate > 0 ? Optional.of((total - now.read()) / rate) : Optional.empty();
    }
}
