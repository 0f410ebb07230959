package io.nightshift.job.file;

import io.nightshift.job.Guards;
import io.nightshift.job.RejectLimit;
import io.nightshift.job.yaml.Unfit;
import io.nightshift.job.yaml.Unfit.Parser;
import io.nightshift.problem.Choices;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What single values of a job file stand for. */
final class Values {

    private static final Pattern SHARE = Pattern.compile("(\\d{1,3}(?:\\.\\d+)?)\\s*%");
    private static final Pattern ROWS = Pattern.compile("\\d{1,3}(,\\d{3}){0,5}|\\d{1,18}");
    private static final Pattern SIZE = Pattern.compile("(\\d{1,10})\\s*(B|KB|MB|GB)?", Pattern.CASE_INSENSITIVE);
    private static final Pattern STATEMENT = Pattern.compile("[A-Za-z_]\\w*(\\.[A-Za-z_]\\w*)?\\.[A-Za-z_]\\w*");
    private static final Pattern STEP_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

    private Values() {}

    static boolean flag(String text) throws Unfit {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new Unfit("\"" + text + "\" is neither true nor false.", "Write true or false.");
        };
    }

    static Parser<Integer> whole(int least, int most) {
        return text -> {
            if (text.matches("\\d{1,9}")) {
                int number = Integer.parseInt(text);
                if (least <= number && number <= most) {
                    return number;
                }
            }
            throw new Unfit("\"" + text + "\" is not a number from " + least + " to " + most + ".", "");
        };
    }

    static Parser<String> oneOf(List<String> words) {
        return text -> {
            if (!words.contains(text)) {
                throw new Unfit(
                        "\"" + text + "\" is not one of " + String.join(", ", words) + ".",
                        new Choices(words)
                                .nearest(text)
                                .map(word -> "Did you mean \"" + word + "\"?")
                                .orElse(""));
            }
            return text;
        };
    }

    static <E extends Enum<E>> Parser<E> oneOf(Class<E> type) {
        List<String> words =
                Arrays.stream(type.getEnumConstants()).map(Values::word).toList();
        return text -> type.getEnumConstants()[words.indexOf(oneOf(words).parse(text))];
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    static String someText(String text) throws Unfit {
        if (text.isBlank()) {
            throw new Unfit("is empty.", "Write a value, or take the key out.");
        }
        return text;
    }

    static String statement(String text) throws Unfit {
        if (!STATEMENT.matcher(text).matches()) {
            throw new Unfit(
                    "\"" + text + "\" is not the id of a statement.",
                    "Write <namespace>.<id> as in mappers/, for example users.softDeletedBefore.");
        }
        return text;
    }

    static String stepName(String text) throws Unfit {
        if (!STEP_NAME.matcher(text).matches()) {
            throw new Unfit(
                    "\"" + text + "\" cannot name a step.", "Use letters, digits, dots, dashes and underscores.");
        }
        return text;
    }

    static RejectLimit rejectLimit(String text) throws Unfit {
        Matcher share = SHARE.matcher(text);
        if (share.matches() && Double.parseDouble(share.group(1)) <= 100) {
            return RejectLimit.ofShare(Double.parseDouble(share.group(1)) / 100);
        }
        if (text.matches("\\d{1,18}")) {
            return RejectLimit.ofCount(Long.parseLong(text));
        }
        throw new Unfit(
                "\"" + text + "\" is neither a number of rejects nor a share of the records.",
                "Write for example 100 or 1%.");
    }

    /** {@code 50000}, {@code 50,000} or {@code 5%}. */
    static Guards.MaxRows maxRows(String text) throws Unfit {
        Matcher share = SHARE.matcher(text);
        if (share.matches() && Double.parseDouble(share.group(1)) <= 100) {
            return new Guards.MaxRows(0, Double.parseDouble(share.group(1)) / 100);
        }
        if (ROWS.matcher(text).matches()) {
            return new Guards.MaxRows(rows(text), -1);
        }
        throw new Unfit(
                "\"" + text + "\" is neither a number of rows nor a share of the table.",
                "Write for example 50,000 or 5%.");
    }

    /** {@code 10,000..20,000}; either end may be left out. */
    static Guards.Range range(String text) throws Unfit {
        String[] ends = text.strip().split("\\.\\.", -1);
        boolean fits = ends.length == 2 && !text.strip().equals("..");
        for (String end : ends) {
            fits &= end.isBlank() || ROWS.matcher(end.strip()).matches();
        }
        if (fits) {
            long least = ends[0].isBlank() ? 0 : rows(ends[0]);
            long most = ends[1].isBlank() ? Long.MAX_VALUE : rows(ends[1]);
            if (least <= most) {
                return new Guards.Range(least, most);
            }
        }
        throw new Unfit(
                "\"" + text + "\" is not a range of rows.",
                "Write for example 10,000..20,000, or 1.. for at least one, or ..20,000.");
    }

    private static long rows(String text) {
        return Long.parseLong(text.strip().replace(",", ""));
    }

    static int size(String text) throws Unfit {
        Matcher size = SIZE.matcher(text);
        if (size.matches()) {
            String unit = size.group(2) == null ? "B" : size.group(2).toUpperCase(Locale.ROOT);
            long bytes = Long.parseLong(size.group(1))
                    << 10 * List.of("B", "KB", "MB", "GB").indexOf(unit);
            if (1 <= bytes && bytes <= 1 << 30) {
                return (int) bytes;
            }
        }
        throw new Unfit("\"" + text + "\" is not a size up to 1GB.", "Write for example 16MB or 64KB.");
    }

    static char character(String text) throws Unfit {
        String meant = text.equals("\\t") || text.equals("tab") ? "\t" : text;
        if (meant.length() != 1 || meant.charAt(0) > 126 || "\r\n\0".contains(meant)) {
            throw new Unfit("\"" + text + "\" is not one ASCII character.", "Write for example \";\" or tab.");
        }
        return meant.charAt(0);
    }

    static Charset encoding(String text) throws Unfit {
        try {
            return Charset.forName(text);
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            throw new Unfit(
                    "there is no encoding \"" + text + "\".",
                    nearest(text, Charset.availableCharsets().keySet(), "Write for example UTF-8 or ISO-8859-1."));
        }
    }

    static ZoneId zone(String text) throws Unfit {
        try {
            return ZoneId.of(text);
        } catch (DateTimeException e) {
            throw new Unfit(
                    "there is no time zone \"" + text + "\".",
                    nearest(text, ZoneId.getAvailableZoneIds(), "Write for example UTC or Europe/Berlin."));
        }
    }

    private static String nearest(String text, java.util.Collection<String> names, String otherwise) {
        return new Choices(names)
                .nearest(text)
                .map(name -> "Did you mean \"" + name + "\"?")
                .orElse(otherwise);
    }

    static LocalDate date(String text) throws Unfit {
        try {
            return LocalDate.parse(text);
        } catch (DateTimeException e) {
            throw new Unfit("\"" + text + "\" is not a date.", "Write year, month and day, for example 2026-03-29.");
        }
    }
}
