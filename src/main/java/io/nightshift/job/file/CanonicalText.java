package io.nightshift.job.file;

import io.nightshift.job.ParameterDefinition;
import io.nightshift.job.yaml.Unfit;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;

/** One text for each value of a parameter, however it was typed: what is bound, shown and compared. */
final class CanonicalText {

    /** Far beyond any real number, far below what its digits would do to the memory. */
    private static final int MOST_DIGITS = 1000;

    private CanonicalText() {}

    static String of(ParameterDefinition parameter, String text) throws Unfit {
        if (text.indexOf('\0') >= 0) {
            throw new Unfit("contains the character NUL, which PostgreSQL cannot store.", "Take it out.");
        }
        return switch (parameter.type()) {
            case INTEGER -> integer(text);
            case DECIMAL -> decimal(text);
            case TEXT -> text;
            case BOOLEAN -> Boolean.toString(Values.flag(text));
            case DATE -> Values.date(text).toString();
            case TIMESTAMP -> timestamp(text);
            case DURATION -> Span.parse(text).canonical();
            case PATH -> Values.someText(text);
            case ENUM -> Values.oneOf(parameter.values()).parse(text);
        };
    }

    private static String integer(String text) throws Unfit {
        if (!text.matches("[+-]?\\d{1,100}")) {
            throw new Unfit("\"" + text + "\" is not a whole number.", "Write digits only, for example 1000.");
        }
        BigInteger number = new BigInteger(text);
        if (number.bitLength() > 63) {
            throw new Unfit("\"" + text + "\" does not fit into 64 bits.", "Write a smaller number.");
        }
        return number.toString();
    }

    private static String decimal(String text) throws Unfit {
        try {
            BigDecimal number = new BigDecimal(text).stripTrailingZeros();
            if (Math.abs((long) number.scale()) <= MOST_DIGITS && number.precision() <= MOST_DIGITS) {
                return number.toPlainString();
            }
        } catch (NumberFormatException | ArithmeticException e) {
            // Said below, as for numbers that are too long.
        }
        throw new Unfit("\"" + text + "\" is not a decimal number.", "Write it with a point, for example 12.50.");
    }

    /** A time without a zone is refused: it would mean another instant on another machine. */
    private static String timestamp(String text) throws Unfit {
        try {
            String iso = text.length() > 10 && text.charAt(10) == ' ' ? text.replaceFirst(" ", "T") : text;
            Instant instant = OffsetDateTime.parse(iso, DateTimeFormatter.ISO_OFFSET_DATE_TIME)
                    .toInstant();
            if (instant.getNano() % 1000 == 0) {
                return instant.toString();
            }
            throw new Unfit("\"" + text + "\" is finer than a microsecond.", "Write at most six digits of a second.");
        } catch (DateTimeException e) {
            throw new Unfit(
                    "\"" + text + "\" is not a time with its zone.",
                    "Write for example 2026-03-29T01:30:00Z or 2026-03-29T01:30:00+01:00.");
        }
    }
}
