package io.nightshift.cli.invocation;

import java.time.Duration;
import org.springframework.boot.convert.DurationStyle;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** {@code 90s}, {@code 30m}, {@code 24h}, {@code 7d} or {@code PT2H}. */
public final class Durations implements ITypeConverter<Duration> {

    @Override
    public Duration convert(String value) {
        try {
            return DurationStyle.detectAndParse(value.strip());
        } catch (IllegalArgumentException unfit) {
            throw new TypeConversionException(
                    "\"" + value + "\" is not a duration; write a number and a unit, for example 90s, 30m, 24h or 7d");
        }
    }
}
