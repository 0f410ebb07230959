package io.nightshift.run.plan;

import java.time.Duration;

/**
 * How long work will take from now on, as a range, waiting included. Where there is no ground to say so, there is no
 * forecast.
 *
 * @param from   the shortest time to be expected
 * @param to     the longest
 * @param ground in words: which runs, which speed
 */
public record Forecast(Duration from, Duration to, String ground) {

    /** No two nights are alike: a range is never narrower than this share of itself either way. */
    private static final double LEAST_DOUBT = 0.1;

    /** What the planner guesses is wrong by more than what was counted. */
    private static final double ESTIMATE_DOUBT = 0.25;

    /** While little is done, the speed that was seen may still change by so much more. */
    private static final double DOUBT_AT_THE_START = 0.4;

    /** So many rows at the slowest and at the fastest speed that was seen in whole runs, in rows per second. */
    static Forecast ofRows(long rows, boolean estimate, double slowest, double fastest, String ground) {
        return ofRows(rows, estimate, slowest, fastest, LEAST_DOUBT, ground);
    }

    /**
     * The rows that are left of a step under way: the less of it is done, the wider the range.
     *
     * @param share that is left, 0 to 1
     */
    static Forecast ofRest(long rows, double share, boolean estimate, double slowest, double fastest, String ground) {
        return ofRows(rows, estimate, slowest, fastest, LEAST_DOUBT + DOUBT_AT_THE_START * share, ground);
    }

    private static Forecast ofRows(
            long rows, boolean estimate, double slowest, double fastest, double least, String ground) {
        double middle = (slowest + fastest) / 2;
        double doubt = estimate ? ESTIMATE_DOUBT : 0;
        return new Forecast(
                seconds(rows * (1 - doubt) / Math.max(fastest, middle * (1 + least))),
                // However few the rows, a step has its beginning and its end.
                seconds(Math.max(1, rows * (1 + doubt) / Math.min(slowest, middle * (1 - least)))),
                ground);
    }

    /** As long as it has taken before. */
    static Forecast ofTimes(double shortest, double longest, String ground) {
        double middle = (shortest + longest) / 2;
        return new Forecast(
                seconds(Math.min(shortest, middle * (1 - LEAST_DOUBT))),
                seconds(Math.max(longest, middle * (1 + LEAST_DOUBT))),
                ground);
    }

    private static Duration seconds(double seconds) {
        return Duration.ofMillis(Math.round(seconds * 1000));
    }

    /** The same where it cannot be less than so many seconds. */
    Forecast atLeast(double seconds) {
        return from.compareTo(seconds(seconds)) >= 0 ? this : new Forecast(seconds(seconds), to, ground);
    }

    /** The same where so many rows per second are the most, as a step's rate has it: earlier runs may have been faster. */
    Forecast atMost(long rate, long rows) {
        Duration least = seconds((double) rows / rate);
        return from.compareTo(least) >= 0
                ? this
                : new Forecast(
                        least,
                        to.compareTo(least) > 0 ? to : seconds((double) rows / rate * (1 + LEAST_DOUBT)),
                        ground + ", and no faster than its rate of %,d rows/s".formatted(rate));
    }

    /** One piece of work behind the other. */
    Forecast plus(Forecast next) {
        return new Forecast(from.plus(next.from), to.plus(next.to), ground);
    }

    /** Whichever of the two comes true. */
    Forecast or(Forecast other) {
        return new Forecast(
                from.compareTo(other.from) < 0 ? from : other.from,
                to.compareTo(other.to) > 0 ? to : other.to,
                ground + "; " + other.ground);
    }

    /** What is left of it when some of the time has passed. */
    Forecast less(Duration passed) {
        return new Forecast(atLeastZero(from.minus(passed)), atLeastZero(to.minus(passed)), ground);
    }

    private static Duration atLeastZero(Duration time) {
        return time.isNegative() ? Duration.ZERO : time;
    }
}
