package io.nightshift.job.file;

import io.nightshift.job.ParameterDefinition;
import io.nightshift.job.ParameterValues;
import io.nightshift.job.yaml.Reading;
import io.nightshift.job.yaml.YamlNode;
import io.nightshift.job.yaml.YamlNode.Fields;
import io.nightshift.job.yaml.YamlNode.Items;
import io.nightshift.job.yaml.YamlNode.Text;
import io.nightshift.problem.Choices;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** {@code ${name}} in the values of a job file: a parameter's value, and nothing else. */
final class Placeholders {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([^}]*)}?");

    private final Map<String, ParameterDefinition> parameters;

    Placeholders(List<ParameterDefinition> parameters) {
        this.parameters = parameters.stream().collect(Collectors.toMap(ParameterDefinition::name, Function.identity()));
    }

    static boolean in(YamlNode node) {
        return node instanceof Text text && text.text().contains("${");
    }

    /** Adds a problem for each placeholder that can never be filled. */
    void check(YamlNode node, Reading reading) {
        if (node instanceof Fields fields) {
            fields.fields().values().forEach(value -> check(value, reading));
        } else if (node instanceof Items items) {
            items.items().forEach(item -> check(item, reading));
        } else if (node instanceof Text text) {
            PLACEHOLDER.matcher(text.text()).results().forEach(found -> check(text, found, reading));
        }
    }

    private void check(Text text, MatchResult found, Reading reading) {
        ParameterDefinition parameter = parameters.get(found.group(1));
        if (!found.group().endsWith("}")) {
            reading.fault(text, "\"" + found.group() + "\" is not closed.", "Write ${name}.");
        } else if (parameter == null) {
            reading.fault(
                    text,
                    "the job has no parameter \"" + found.group(1) + "\".",
                    parameters.isEmpty()
                            ? "Declare it under parameters."
                            : new Choices(parameters.keySet()).advice(found.group(1)));
        } else if (parameter.list() && !text.text().equals(found.group())) {
            reading.fault(
                    text,
                    "\"" + parameter.name() + "\" is a list and cannot be a part of a text.",
                    "Write " + found.group() + " alone, where a list is taken.");
        } else if (!parameter.required() && parameter.defaultValue().isEmpty()) {
            reading.fault(
                    text,
                    "\"" + parameter.name() + "\" can be left out, and then there is nothing to put here.",
                    "Give the parameter a default or \"required: true\".");
        }
    }

    /** The node with all values put in; a list fills a value that is its placeholder alone. */
    YamlNode fill(YamlNode node, ParameterValues values, Reading reading) {
        if (node instanceof Fields fields) {
            return fill(fields, values, reading);
        }
        if (node instanceof Items items) {
            return new Items(
                    items.place(),
                    items.items().stream()
                            .map(item -> fill(item, values, reading))
                            .toList());
        }
        return in(node) ? fill((Text) node, values, reading) : node;
    }

    Fields fill(Fields fields, ParameterValues values, Reading reading) {
        Map<String, YamlNode> filled = new LinkedHashMap<>();
        fields.fields().forEach((key, value) -> filled.put(key, fill(value, values, reading)));
        return new Fields(fields.place(), filled);
    }

    private YamlNode fill(Text text, ParameterValues values, Reading reading) {
        Matcher whole = PLACEHOLDER.matcher(text.text());
        ParameterDefinition alone = whole.matches() ? parameters.get(whole.group(1)) : null;
        if (alone != null && alone.list()) {
            return new Items(
                    text.place(),
                    values.find(alone.name()).orElse(List.of()).stream()
                            .map(value -> (YamlNode) new Text(text.place(), value, false, true))
                            .toList());
        }
        String filled = PLACEHOLDER
                .matcher(text.text())
                .replaceAll(found -> Matcher.quoteReplacement(value(text, found, values, reading)));
        return new Text(text.place(), filled, false, true);
    }

    private static String value(Text text, MatchResult found, ParameterValues values, Reading reading) {
        Optional<List<String>> value = values.find(found.group(1));
        if (value.isEmpty() && !reading.lenient()) {
            reading.fault(text, "the parameter \"" + found.group(1) + "\" has no value.", "Give it one.");
        }
        return value.map(list -> String.join(",", list)).orElse("");
    }
}
