package io.nightshift.content;

import io.nightshift.problem.Choices;
import io.nightshift.problem.Problems;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Stream;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.OriginLookup;
import org.springframework.boot.origin.PropertySourceOrigin;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;

/** Finds settings that nothing obeys: a misspelt limit would otherwise be no limit. */
record UnknownSettings(KnownSettings known, SettingPlace place) {

    private static final String PREFIX = "nightshift.";

    void report(ConfigurableEnvironment environment, Problems problems) {
        environment.getPropertySources().stream()
                .filter(source -> source instanceof EnumerablePropertySource)
                .forEach(source -> report((EnumerablePropertySource<?>) source, problems));
    }

    private void report(EnumerablePropertySource<?> source, Problems problems) {
        for (String name : ours(source).toList()) {
            String dotted = KnownSettings.withoutIndex(dotted(name));
            if (!known.has(name)) {
                problems.add(
                        place.of(name, origin(source, name)),
                        "there is no such setting.",
                        new Choices(known.near(dotted)).advice(dotted));
            }
        }
    }

    private Stream<String> ours(EnumerablePropertySource<?> source) {
        Stream<String> names = Arrays.stream(source.getPropertyNames()).sorted();
        return switch (source.getName()) {
            case StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME ->
                names.filter(name -> name.startsWith("NIGHTSHIFT_") && known.ofSomeFeature(name));
            case StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME ->
                names.filter(name -> name.startsWith(PREFIX) && known.ofSomeFeature(name));
            default -> names.filter(name -> name.startsWith(PREFIX));
        };
    }

    private static String dotted(String name) {
        return name.startsWith("NIGHTSHIFT_") ? name.toLowerCase(Locale.ROOT).replace('_', '.') : name;
    }

    private static Origin origin(PropertySource<?> source, String name) {
        Origin origin = OriginLookup.getOrigin(source, name);
        return origin == null ? PropertySourceOrigin.get(source, name) : origin;
    }
}
