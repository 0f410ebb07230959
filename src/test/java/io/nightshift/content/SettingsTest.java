package io.nightshift.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.nightshift.problem.ExitCode;
import io.nightshift.problem.Problem;
import io.nightshift.problem.ProblemException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

class SettingsTest {

    /** Laid over a section that exists, so that its keys are known. */
    record Example(@DefaultValue(".nightshift") Path state, @DefaultValue Optional<Integer> schema) {}

    record Checked(@DefaultValue("5") int state) {
        Checked {
            if (state < 1) {
                throw new IllegalArgumentException("state must be at least 1.");
            }
        }
    }

    record Timed(@DefaultValue("30s") Duration state, @DefaultValue("1") int schema) {}

    @TempDir
    Path directory;

    private Path root;

    @BeforeEach
    void homeWithAnAwkwardName() throws IOException {
        root = Files.createDirectories(directory.resolve("a home, really; yes"));
        Files.createDirectories(root.resolve("config"));
    }

    @Test
    void defaultsHoldWithoutAFile() {
        assertThat(settings().read("nightshift", Example.class))
                .isEqualTo(new Example(Path.of(".nightshift"), Optional.empty()));
    }

    @Test
    void theFileOverrulesTheDefault() {
        file("nightshift:\n  state: /var/lib/nightshift\n");
        assertThat(settings().read("nightshift", Example.class).state()).isEqualTo(Path.of("/var/lib/nightshift"));
    }

    @Test
    void anEmptyValueIsNotSet() {
        file("nightshift:\n  state:\n  schema:\n");
        assertThat(settings().read("nightshift", Example.class))
                .isEqualTo(new Example(Path.of(".nightshift"), Optional.empty()));
    }

    @Test
    void variablesOverruleTheFileAndSystemPropertiesOverruleVariables() {
        file("nightshift:\n  state: file\n  schema: 1\n");
        StandardEnvironment outside = outside(
                Map.of("NIGHTSHIFT_STATE", "variable", "NIGHTSHIFT_SCHEMA", "2"), Map.of("nightshift.schema", "3"));
        assertThat(settings(outside).read("nightshift", Example.class))
                .isEqualTo(new Example(Path.of("variable"), Optional.of(3)));
    }

    @Test
    void unknownKeysAreNamedWithTheirLines() {
        file(
                "nightshift:\n  # a comment\n  stat: x\n\nnightshift.database.poolsize: 1\nnightshift.database.pol-size: 1\nother: 2\n");
        assertThat(problemsOf(this::settings))
                .containsExactlyInAnyOrder(
                        new Problem(
                                "config/application.yml:3 (nightshift.stat)",
                                "there is no such setting.",
                                "Did you mean \"nightshift.state\"?"),
                        new Problem(
                                "config/application.yml:6 (nightshift.database.pol-size)",
                                "there is no such setting.",
                                "Did you mean \"nightshift.database.pool-size\"?"));
    }

    @Test
    void misspeltVariablesOfAFeatureAreNamedAndOthersAreNot() {
        StandardEnvironment outside = outside(
                Map.of("NIGHTSHIFT_DATABASE_POLSIZE", "1", "NIGHTSHIFT_HOME", "x", "NIGHTSHIFT_TEST_URL", "y"),
                Map.of("nightshift.test.data", "z"));
        assertThat(problemsOf(() -> settings(outside)))
                .containsExactly(new Problem(
                        "environment variable NIGHTSHIFT_DATABASE_POLSIZE",
                        "there is no such setting.",
                        "Did you mean \"nightshift.database.pool-size\"?"));
    }

    @Test
    void everyValueThatDoesNotFitIsNamed() {
        file("nightshift:\n  state: soon\n  schema: many\n");
        assertThat(problemsOf(() -> settings().read("nightshift", Timed.class)))
                .containsExactly(
                        new Problem(
                                "config/application.yml:2 (nightshift.state)",
                                "\"soon\" does not fit.",
                                "Write a number and a unit, for example 30s (ms, s, m, h, d)."),
                        new Problem(
                                "config/application.yml:3 (nightshift.schema)",
                                "\"many\" does not fit.",
                                "Write a number."));
    }

    @Test
    void aVariableThatDoesNotFitIsNamedAsOne() {
        StandardEnvironment outside = outside(Map.of("NIGHTSHIFT_SCHEMA", "many"), Map.of());
        assertThat(problemsOf(() -> settings(outside).read("nightshift", Timed.class)))
                .containsExactly(new Problem(
                        "environment variable NIGHTSHIFT_SCHEMA", "\"many\" does not fit.", "Write a number."));
    }

    @Test
    void whatTheRecordRefusesIsTold() {
        file("nightshift:\n  state: 0\n");
        assertThat(problemsOf(() -> settings().read("nightshift", Checked.class)))
                .containsExactly(new Problem(
                        "nightshift", "state must be at least 1.", "See config/application.yml for what it can be."));
    }

    @Test
    void brokenYamlIsNamedWithItsLine() {
        file("nightshift:\n  state: a\n bad\n");
        assertThat(problemsOf(this::settings))
                .singleElement()
                .satisfies(problem -> assertThat(problem.where()).startsWith("config/application.yml:"))
                .satisfies(problem -> assertThat(problem.what()).startsWith("is not YAML: "));
    }

    @Test
    void aKeyGivenTwiceIsNamedWithItsLine() {
        file("nightshift:\n  state: a\n  state: b\n");
        assertThat(problemsOf(this::settings))
                .containsExactly(new Problem(
                        "config/application.yml:3",
                        "is not YAML: found duplicate key state.",
                        "Compare it with the file that nightshift init writes."));
    }

    private Settings settings() {
        return settings(outside(Map.of(), Map.of()));
    }

    private Settings settings(StandardEnvironment outside) {
        KnownSettings known = new KnownSettings(
                new TreeSet<>(List.of("nightshift.state", "nightshift.schema", "nightshift.database.pool-size")));
        return Settings.read(root, outside, known);
    }

    private void file(String text) {
        try {
            Files.writeString(root.resolve("config/application.yml"), text);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static StandardEnvironment outside(Map<String, Object> variables, Map<String, Object> properties) {
        StandardEnvironment environment = new StandardEnvironment();
        environment
                .getPropertySources()
                .replace(
                        StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                        new SystemEnvironmentPropertySource(
                                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, variables));
        environment
                .getPropertySources()
                .replace(
                        StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME,
                        new MapPropertySource(StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME, properties));
        return environment;
    }

    private static List<Problem> problemsOf(org.assertj.core.api.ThrowableAssert.ThrowingCallable reading) {
        ProblemException thrown = catchThrowableOfType(ProblemException.class, reading);
        assertThat(thrown.exit()).isEqualTo(ExitCode.USAGE);
        return thrown.problems();
    }
}
