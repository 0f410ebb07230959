package io.nightshift.job.file;

import io.nightshift.job.yaml.Unfit;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Period;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A length of time as PostgreSQL has it: months, days and hours apart, because a day is not always 24 hours.
 *
 * @param months calendar months, twelve for a year
 * @param days   calendar days, seven for a week
 * @param time   hours and less
 */
record Span(long months, long days, Duration time) {

    private static final String FIX =
            "Write a number and a unit, for example \"90 days\" (seconds, minutes, hours, days, weeks, months, years).";
    private static final Pattern WORDS = Pattern.compile("(\\d{1,9})\\s*([a-z]+)(?:\\s+|(?=\\d)|$)");
    private static final Pattern ISO =
            Pattern.compile("P(?!$)(\\d+Y)?(\\d+M)?(\\d+W)?(\\d+D)?(T(?=\\d)(\\d+H)?(\\d+M)?(\\d+(\\.\\d{1,6})?S)?)?");

    /** {@code P30D}, {@code PT2H}, {@code 90 days}, {@code 2h}, {@code 1 day 12 hours}. */
    static Span parse(String text) throws Unfit {
        try {
            return ISO.matcher(text).matches() ? iso(text) : words(text);
        } catch (DateTimeException | ArithmeticException e) {
            throw new Unfit("\"" + text + "\" is too long a time.", FIX);
        }
    }

    private static Span iso(String text) {
        int time = text.indexOf('T');
        String date = time < 0 ? text : text.substring(0, time);
        Period period = date.equals("P") ? Period.ZERO : Period.parse(date);
        Duration duration = time < 0 ? Duration.ZERO : Duration.parse("P" + text.substring(time));
        return new Span(period.toTotalMonths(), period.getDays(), duration);
    }

    private static Span words(String text) throws Unfit {
        Matcher words = WORDS.matcher(text.strip().toLowerCase(Locale.ROOT));
        Span sum = new Span(0, 0, Duration.ZERO);
        int end = 0;
        while (words.find() && words.start() == end) {
            sum = sum.plus(Long.parseLong(words.group(1)), words.group(2), text);
            end = words.end();
        }
        if (end == 0 || end != text.strip().length()) {
            throw notASpan(text);
        }
        return sum;
    }

    private Span plus(long count, String unit, String text) throws Unfit {
        return switch (unit) {
            case "y", "year", "years" -> new Span(Math.addExact(months, 12 * count), days, time);
            case "month", "months" -> new Span(Math.addExact(months, count), days, time);
            case "w", "week", "weeks" -> new Span(months, days + 7 * count, time);
            case "d", "day", "days" -> new Span(months, days + count, time);
            case "h", "hour", "hours" -> new Span(months, days, time.plusHours(count));
            case "m", "min", "minute", "minutes" -> new Span(months, days, time.plusMinutes(count));
            case "s", "sec", "second", "seconds" -> new Span(months, days, time.plusSeconds(count));
            case "ms", "millisecond", "milliseconds" -> new Span(months, days, time.plusMillis(count));
            default -> throw notASpan(text);
        };
    }

    private static Unfit notASpan(String text) {
        return new Unfit("\"" + text + "\" is not a duration.", FIX);
    }

    /** ISO 8601, the same text for the same span; PostgreSQL reads it as an interval. */
    String canonical() {
        String date = (months / 12 > 0 ? months / 12 + "Y" : "")
                + (months % 12 > 0 ? months % 12 + "M" : "")
                + (days > 0 ? days + "D" : "");
        String clock = time.isZero() ? "" : time.toString().substring(1);
        return date.isEmpty() && clock.isEmpty() ? "PT0S" : "P" + date + clock;
    }

    /** The span as a time to wait; only where months mean nothing. */
    static Duration duration(String text) throws Unfit {
        Span span = parse(text);
        if (span.months > 0) {
            throw new Unfit("\"" + text + "\" is not the same time in every month.", "Write it in days or less.");
        }
        return span.time.plusDays(span.days);
    }
}
