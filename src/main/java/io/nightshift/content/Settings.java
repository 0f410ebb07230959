package io.nightshift.content;

import io.nightshift.problem.ExitCode;
import io.nightshift.problem.Problems;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.springframework.boot.bootstrap.DefaultBootstrapContext;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.PropertySourcesPlaceholdersResolver;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.DefaultResourceLoader;

/**
 * What can be set: {@code config/application.yml} of the home, above it environment variables, above them system
 * properties, each in Spring Boot's relaxed spelling. A value that is left empty counts as not set.
 *
 * <p>Built on Spring Boot's configuration without a Spring context, since most commands need none.
 */
public final class Settings {

    private final ConfigurableEnvironment environment;
    private final SettingPlace place;

    private Settings(ConfigurableEnvironment environment, SettingPlace place) {
        this.environment = environment;
        this.place = place;
    }

    /**
     * The settings that hold in a home.
     *
     * @throws io.nightshift.problem.ProblemException when the file cannot be read or has settings that do not exist
     */
    public static Settings of(Home home) {
        return home.settings();
    }

    static Settings read(Path root) {
        return read(root, new StandardEnvironment(), KnownSettings.shipped());
    }

    static Settings read(Path root, ConfigurableEnvironment environment, KnownSettings known) {
        SettingPlace place = new SettingPlace(root);
        readFile(root, environment);
        Problems problems = new Problems();
        new UnknownSettings(known, place).report(environment, problems);
        problems.throwIfAny(ExitCode.USAGE);
        return new Settings(environment, place);
    }

    /**
     * One feature's settings, with the defaults of the record where nothing is set.
     *
     * @param record whose components are the settings below the prefix, with their defaults as {@code @DefaultValue} (an
     *               {@code Optional} has an empty one); what its constructor refuses with an
     *               {@link IllegalArgumentException} is told with that exception's message
     * @throws io.nightshift.problem.ProblemException naming every value that does not fit, with its place
     */
    public <T> T read(String prefix, Class<T> record) {
        Problems problems = new Problems();
        Binder binder = new Binder(given(), new PropertySourcesPlaceholdersResolver(environment));
        T settings = binder.bindOrCreate(prefix, Bindable.of(record), new ValuesThatDoNotFit(place, problems));
        problems.throwIfAny(ExitCode.USAGE);
        return settings;
    }

    private static void readFile(Path root, ConfigurableEnvironment environment) {
        // Nothing but the home's folder counts, whatever the variables of a surrounding Spring application say.
        // Indexed, and with the semicolon encoded: Spring takes "," and ";" in a text for separators.
        String folder = root.resolve("config").toUri().toString().replace(";", "%3B");
        Map<String, Object> location =
                Map.of("spring.config.location[0]", "optional:" + folder + (folder.endsWith("/") ? "" : "/"));
        environment.getPropertySources().addFirst(new MapPropertySource("nightshift-location", location));
        try {
            ConfigDataEnvironmentPostProcessor.applyTo(
                    environment, new DefaultResourceLoader(), new DefaultBootstrapContext(), List.of());
        } catch (RuntimeException e) {
            throw UnreadableSettings.asProblem(e);
        }
    }

    private List<ConfigurationPropertySource> given() {
        return StreamSupport.stream(
                        ConfigurationPropertySources.get(environment).spliterator(), false)
                .map(source -> source.filter(name -> !empty(source, name)))
                .toList();
    }

    private static boolean empty(ConfigurationPropertySource source, ConfigurationPropertyName name) {
        ConfigurationProperty property = source.getConfigurationProperty(name);
        return property != null && property.getValue().toString().isEmpty();
    }
}
