package io.nightshift.run.plan;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How fast a step was when it last completed. Only runs of a single attempt are ground: between two attempts nobody
 * worked, and how long that was says nothing.
 */
final class EarlierRuns {

    private static final int LAST = 5;

    /** A run of a tenth of the rows says little about speed, unless it took this long. */
    private static final int TENTH = 10;

    private static final double LONG_ENOUGH_SECONDS = 10;

    private final Connection connection;
    private final String schema;

    EarlierRuns(Connection connection, String schema) {
        this.connection = connection;
        this.schema = schema;
    }

    private record Past(long run, long read, double seconds) {

        double rate() {
            return read / seconds;
        }

        /** What it would have taken where so many rows per second are the most. */
        double secondsAt(Optional<Long> rate) {
            return rate.map(most -> Math.max(seconds, (double) read / most)).orElse(seconds);
        }
    }

    /** How long so many rows will take. */
    Optional<Forecast> forRows(String job, String step, long rows, boolean estimate) throws SQLException {
        List<Past> pasts = of(job, step).stream()
                .filter(past -> past.read() > 0)
                .filter(past -> past.read() >= rows / TENTH || past.seconds() >= LONG_ENOUGH_SECONDS)
                .toList();
        if (rows < 0 || pasts.isEmpty()) {
            return Optional.empty();
        }
        List<Double> rates = new ArrayList<>(pasts.stream().map(Past::rate).toList());
        if (pasts.size() == 1) {
            // One run alone: how much its own quarters differ says how sure its speed is.
            rates.addAll(quarters(pasts.get(0).run(), step));
        }
        double slowest = rates.stream().mapToDouble(rate -> rate).min().orElseThrow();
        double fastest = rates.stream().mapToDouble(rate -> rate).max().orElseThrow();
        String ground = "as fast as %s: %s".formatted(which(pasts), speeds(slowest, fastest));
        return Optional.of(Forecast.ofRows(rows, estimate, slowest, fastest, ground));
    }

    /**
     * How long the step takes, however many rows it has.
     *
     * @param rate the most rows per second that it may do now
     */
    Optional<Forecast> forStep(String job, String step, Optional<Long> rate) throws SQLException {
        List<Past> pasts = of(job, step);
        if (pasts.isEmpty()) {
            return Optional.empty();
        }
        List<Double> times =
                pasts.stream().map(past -> past.secondsAt(rate)).sorted().toList();
        boolean slowed = pasts.stream().anyMatch(past -> past.secondsAt(rate) > past.seconds());
        Forecast forecast = Forecast.ofTimes(
                times.get(0),
                times.get(times.size() - 1),
                "as long as in " + which(pasts)
                        + (slowed ? ", and no faster than its rate of %,d rows/s".formatted(rate.get()) : ""));
        return Optional.of(slowed ? forecast.atLeast(times.get(0)) : forecast);
    }

    private static String which(List<Past> pasts) {
        return pasts.size() == 1 ? "run " + pasts.get(0).run() : "the last %d runs".formatted(pasts.size());
    }

    /** {@code 7,100 rows/s} or {@code 7,100 to 8,400 rows/s}. */
    static String speeds(double slowest, double fastest) {
        String low = "%,.0f".formatted(slowest);
        String high = "%,.0f".formatted(fastest);
        return (low.equals(high) ? low : low + " to " + high) + " rows/s";
    }

    private List<Past> of(String job, String step) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                """
                SELECT p.run, (SELECT coalesce(sum(l.read), 0) FROM %1$s.ledger l WHERE l.run = p.run AND l.step = ?),
                  p.seconds
                FROM (
                  SELECT s.run, extract(epoch FROM s.ended_at - s.started_at) AS seconds
                  FROM %1$s.run r
                    JOIN %1$s.step s ON s.run = r.run
                  WHERE r.job = ?
                    AND s.step = ?
                    AND s.state = 'COMPLETED'
                    AND s.ended_at > s.started_at
                    AND (SELECT count(*) FROM %1$s.attempt a WHERE a.run = r.run) = 1
                  ORDER BY s.run DESC
                  LIMIT %2$d
                ) p
                ORDER BY p.run DESC"""
                        .formatted(schema, LAST))) {
            select.setString(1, step);
            select.setString(2, job);
            select.setString(3, step);
            List<Past> pasts = new ArrayList<>();
            try (ResultSet result = select.executeQuery()) {
                while (result.next()) {
                    pasts.add(new Past(result.getLong(1), result.getLong(2), result.getDouble(3)));
                }
            }
            return pasts;
        }
    }

    private List<Double> quarters(long run, String step) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                """
                SELECT sum(q.read) / extract(epoch FROM max(q.ended) - min(q.started_at))
                FROM (
                  SELECT l.read, l.started_at, l.started_at + l.millis * interval '1 ms' AS ended,
                    ntile(4) OVER (ORDER BY l.started_at) AS quarter, count(*) OVER () AS chunks
                  FROM %s.ledger l
                  WHERE l.run = ?
                    AND l.step = ?
                ) q
                WHERE q.chunks >= 8
                GROUP BY q.quarter
                HAVING max(q.ended) > min(q.started_at)
                  AND sum(q.read) > 0"""
                        .formatted(schema))) {
            select.setLong(1, run);
            select.setString(2, step);
            List<Double> rates = new ArrayList<>();
            try (ResultSet result = select.executeQuery()) {
                while (result.next()) {
                    rates.add(result.getDouble(1));
                }
            }
            return rates;
        }
    }
}
