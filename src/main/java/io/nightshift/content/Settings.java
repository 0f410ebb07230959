package io.nightshift.content;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.springframework.boot.bootstrap.DefaultBootstrapContext;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.PropertySourcesPlaceholdersResolver;
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

    private final Path root;
    private final ConfigurableEnvironment environment;

    private Settings(Path root, ConfigurableEnvironment environment) {
        this.root = root;
        this.environment = environment;
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
        ConfigurableEnvironment environment = new StandardEnvironment();
        environment
                .getPropertySources()
                .addFirst(new MapPropertySource(
                        "nightshift-location",
                        Map.of("spring.config.location", "optional:file:" + root.resolve("config") + "/")));
        ConfigDataEnvironmentPostProcessor.applyTo(
                environment, new DefaultResourceLoader(), new DefaultBootstrapContext(), List.of());
        return new Settings(root, environment);
    }

    /**
     * One feature's settings, with the defaults of the record where nothing is set.
     *
     * @throws io.nightshift.problem.ProblemException naming every value that does not fit, with its place
     */
    public <T> T read(String prefix, Class<T> record) {
        Binder binder = new Binder(sources(), new PropertySourcesPlaceholdersResolver(environment));
        return binder.bindOrCreate(prefix, Bindable.of(record));
    }

    private Iterable<ConfigurationPropertySource> sources() {
        return ConfigurationPropertySources.get(environment);
    }
}
