package io.nightshift.cli.invocation;

import io.nightshift.health.Tuning;
import io.nightshift.problem.Choices;
import io.nightshift.problem.ExitCode;
import io.nightshift.problem.Problems;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import picocli.CommandLine.TypeConversionException;

/**
 * What is typed behind {@code tune RUN}; empty where a change is taken back.
 *
 * @param values by their names
 */
public record Changes(Map<String, Optional<Long>> values) {

    private static final String CONNECTIONS = "connections";
    private static final String RATE = "rate";
    private static final String TARGET = "target-duration";
    private static final List<String> NAMES = List.of(CONNECTIONS, RATE, TARGET);
    /** As many as a job file may say. */
    private static final int MOST_CONNECTIONS = 100;

    private static final String NONE = "none";
    private static final String DEFAULT = "default";

    /** @throws io.nightshift.problem.ProblemException naming all that does not fit */
    public static Changes read(List<String> words) {
        Problems problems = new Problems();
        Map<String, Optional<Long>> values = new LinkedHashMap<>();
        for (String word : words) {
            String name = word.contains("=") ? word.substring(0, word.indexOf('=')) : word;
            String value = word.contains("=") ? word.substring(word.indexOf('=') + 1) : "";
            if (!NAMES.contains(name)) {
                problems.add("tune", "there is no \"" + name + "\" to change", new Choices(NAMES).advice(name));
            } else if (value.equals(DEFAULT)) {
                values.put(name, Optional.empty());
            } else {
                OptionalLong number = number(name, value);
                if (number.isEmpty()) {
                    problems.add(
                            "tune",
                            "\"" + value + "\" is no " + words(name),
                            "Write for example " + example(name) + ".");
                } else {
                    values.put(name, Optional.of(number.getAsLong()));
                }
            }
        }
        problems.throwIfAny(ExitCode.USAGE);
        return new Changes(values);
    }

    private static OptionalLong number(String name, String value) {
        if (value.equals(NONE) && !name.equals(CONNECTIONS)) {
            return OptionalLong.of(0);
        }
        if (name.equals(TARGET)) {
            try {
                long millis = new Durations().convert(value).toMillis();
                return millis > 0 ? OptionalLong.of(millis) : OptionalLong.empty();
            } catch (TypeConversionException unfit) {
                return OptionalLong.empty();
            }
        }
        boolean whole = value.matches("[1-9]\\d{0,8}");
        return whole && (!name.equals(CONNECTIONS) || Long.parseLong(value) <= MOST_CONNECTIONS)
                ? OptionalLong.of(Long.parseLong(value))
                : OptionalLong.empty();
    }

    private static String words(String name) {
        return switch (name) {
            case CONNECTIONS -> "number of connections from 1 to " + MOST_CONNECTIONS;
            case RATE -> "number of rows per second";
            default -> "time for a chunk";
        };
    }

    private static String example(String name) {
        return switch (name) {
            case CONNECTIONS -> "connections=1";
            case RATE -> "rate=5000 or rate=none";
            default -> "target-duration=50ms or target-duration=none";
        };
    }

    /** These values in place of the ones that were there. */
    public Tuning over(Tuning before) {
        return new Tuning(
                changed(CONNECTIONS, before.connections(), Long::intValue),
                changed(RATE, before.rate(), Function.identity()),
                changed(TARGET, before.targetDuration(), Duration::ofMillis));
    }

    private <T> Optional<T> changed(String name, Optional<T> before, Function<Long, T> as) {
        return values.containsKey(name) ? values.get(name).map(as) : before;
    }
}
