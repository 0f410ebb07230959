package io.nightshift.content;

import io.nightshift.problem.Problems;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.convert.ConversionException;
import org.springframework.util.unit.DataSize;

/** Turns each value that cannot be bound into a problem, and lets the binding go on to find the next. */
record ValuesThatDoNotFit(SettingPlace place, Problems problems) implements BindHandler {

    /** Names whose values are not repeated on a screen that may end up in a ticket. */
    private static final Pattern SECRET = Pattern.compile("password|secret|token|url");

    @Override
    public @Nullable Object onFailure(
            ConfigurationPropertyName name, Bindable<?> target, BindContext context, Exception error) {
        ConfigurationProperty property = context.getConfigurationProperty();
        boolean own = property != null && property.getName().equals(name);
        String where = own ? place.of(name.toString(), property.getOrigin()) : name.toString();
        Throwable cause = NestedExceptionUtils.getMostSpecificCause(error);
        if (own && error instanceof ConversionException) {
            problems.add(where, shown(property) + " does not fit.", expected(target));
        } else {
            problems.add(where, String.valueOf(cause.getMessage()), "See config/application.yml for what it can be.");
        }
        return null;
    }

    private static String shown(ConfigurationProperty property) {
        return SECRET.matcher(property.getName().toString()).find()
                ? "the value (not shown)"
                : '"' + property.getValue().toString() + '"';
    }

    private static String expected(Bindable<?> target) {
        Class<?> type = target.getType().resolve(Object.class);
        if (type.isEnum()) {
            return Arrays.stream(type.getEnumConstants())
                    .map(constant ->
                            ((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-'))
                    .collect(Collectors.joining(", ", "Write one of: ", "."));
        }
        if (type == Duration.class) {
            return "Write a number and a unit, for example 30s (ms, s, m, h, d).";
        }
        if (type == DataSize.class) {
            return "Write a number and a unit, for example 16MB (B, KB, MB, GB).";
        }
        if (type == boolean.class || type == Boolean.class) {
            return "Write true or false.";
        }
        return type == int.class || type == long.class || Number.class.isAssignableFrom(type)
                ? "Write a number."
                : "See config/application.yml for what it can be.";
    }
}
