package io.nightshift.job.file;

import io.nightshift.job.Holds;
import io.nightshift.job.yaml.Section;
import io.nightshift.job.yaml.Unfit;
import io.nightshift.job.yaml.Unfit.Parser;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what a job says about when its runs wait. */
record ReadHolds(Section job) {

    private static final String OFF = "off";
    private static final Pattern BYTES =
            Pattern.compile("(\\d{1,9})\\s*(B|KB|MB|GB|TB)(?:/s)?", Pattern.CASE_INSENSITIVE);
    private static final String UNITS = "BKMGT";

    Holds read() {
        Optional<Section> holds = job.section("holds", Keys.HOLDS);
        return new Holds(
                holds.flatMap(section -> section.read("replica-lag", orOff(Duration.ZERO, Span::duration))),
                holds.flatMap(section -> section.read("retained-wal", orOff(0L, ReadHolds::bytes))),
                holds.flatMap(section -> section.read("lock-queue", orOff(Duration.ZERO, Span::duration))),
                holds.flatMap(section -> section.read("yield-after", orOff(Duration.ZERO, Span::duration))),
                holds.flatMap(section -> section.read("wraparound-vacuum", orOff(false, Values::flag))),
                holds.flatMap(section -> section.read("wal-rate", orOff(0L, ReadHolds::bytes))),
                holds.flatMap(section -> section.read("check", orOff("", Values::statement))),
                holds.flatMap(section -> section.read("at-most", Span::duration)));
    }

    private static <T> Parser<T> orOff(T off, Parser<T> parser) {
        return text -> text.equals(OFF) ? off : parser.parse(text);
    }

    static long bytes(String text) throws Unfit {
        Matcher bytes = BYTES.matcher(text);
        if (!bytes.matches()) {
            throw new Unfit("\"" + text + "\" is not a number of bytes.", "Write for example 20GB or 50MB, or off.");
        }
        int unit = UNITS.indexOf(Character.toUpperCase(bytes.group(2).charAt(0)));
        return Long.parseLong(bytes.group(1)) << 10 * unit;
    }
}
