package io.nightshift.content;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.FileSystemResource;

/** Holds {@code config/application.yml} against the records that settings are bound to. */
class SettingsFileTest {

    private static final Path FILE = Path.of("config/application.yml");

    @Test
    void theFileListsEverySettingWithItsDefault() throws Exception {
        assertThat(listed()).containsExactlyInAnyOrderEntriesOf(declared());
    }

    @Test
    void everySettingHasACommentAboveIt() throws IOException {
        List<String> lines = Files.readAllLines(FILE);
        for (int i = 1; i < lines.size(); i++) {
            String line = lines.get(i);
            boolean setting = !line.isBlank()
                    && !line.strip().startsWith("#")
                    && !line.strip().startsWith("- ");
            boolean section = line.endsWith(":") && i + 1 < lines.size() && indent(lines.get(i + 1)) > indent(line);
            if (setting && !section) {
                assertThat(lines.get(i - 1).strip())
                        .as("above line %d: %s", i + 1, line)
                        .startsWith("#");
            }
        }
    }

    private static int indent(String line) {
        return line.length() - line.stripLeading().length();
    }

    private static Map<String, String> listed() throws IOException {
        Map<String, String> result = new TreeMap<>();
        for (PropertySource<?> source : new YamlPropertySourceLoader().load("file", new FileSystemResource(FILE))) {
            EnumerablePropertySource<?> properties = (EnumerablePropertySource<?>) source;
            for (String name : properties.getPropertyNames()) {
                result.merge(
                        KnownSettings.withoutIndex(name),
                        String.valueOf(properties.getProperty(name)),
                        (first, next) -> first + "," + next);
            }
        }
        return result;
    }

    private static Map<String, String> declared() throws Exception {
        Map<String, String> result = new TreeMap<>();
        for (Class<?> record : settingsRecords()) {
            ConfigurationProperties annotation = record.getAnnotation(ConfigurationProperties.class);
            assertThat(annotation)
                    .as("%s says its prefix with @ConfigurationProperties", record)
                    .isNotNull();
            collect(annotation.prefix(), record, result);
        }
        return result;
    }

    private static void collect(String prefix, Class<?> record, Map<String, String> result) {
        for (RecordComponent component : record.getRecordComponents()) {
            String name = prefix + "." + DataObjectPropertyName.toDashedForm(component.getName());
            if (component.getType().isRecord()) {
                collect(name, component.getType(), result);
            } else {
                result.put(name, defaultOf(component));
            }
        }
    }

    private static String defaultOf(RecordComponent component) {
        DefaultValue value = constructorAnnotation(component);
        assertThat(component.getType() == Optional.class && value == null)
                .as("%s is null when not set: give it an empty @DefaultValue", component)
                .isFalse();
        return value == null ? "" : String.join(",", value.value());
    }

    /** The annotation targets parameters only, so it stands on the constructor and not on the component. */
    private static DefaultValue constructorAnnotation(RecordComponent component) {
        return Arrays.stream(component
                        .getDeclaringRecord()
                        .getDeclaredConstructors()[0]
                        .getParameters())
                .filter(parameter -> parameter.getName().equals(component.getName()))
                .findFirst()
                .orElseThrow()
                .getAnnotation(DefaultValue.class);
    }

    private static List<Class<?>> settingsRecords() throws Exception {
        Path classes = Path.of("target/classes");
        List<Class<?>> records = new ArrayList<>();
        try (Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(path -> path.toString().endsWith("Settings.class"))
                    .sorted()
                    .toList()) {
                String name = classes.relativize(file).toString().replaceAll("[/\\\\]", ".");
                Class<?> type = Class.forName(name.substring(0, name.length() - ".class".length()));
                if (type.isRecord() && !type.getPackageName().equals(SettingsFileTest.class.getPackageName())
                        || type == HomeSettings.class) {
                    records.add(type);
                }
            }
        }
        return records;
    }
}
