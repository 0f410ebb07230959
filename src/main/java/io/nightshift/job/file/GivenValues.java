package io.nightshift.job.file;

import io.nightshift.job.ParameterDefinition;
import io.nightshift.job.ParameterDefinition.Type;
import io.nightshift.job.ParameterValues;
import io.nightshift.job.yaml.Unfit;
import io.nightshift.problem.Choices;
import io.nightshift.problem.Problems;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Checks what was typed against what a job declares. */
final class GivenValues {

    /** Standard input, as everywhere. */
    private static final String STDIN = "-";

    /** A comma, unless a backslash stands before it. */
    private static final Pattern COMMA = Pattern.compile("(?<!\\\\),");

    private final String job;
    private final List<ParameterDefinition> parameters;
    private final Path directory;
    private final Problems problems;

    GivenValues(JobFile job, Path directory, Problems problems) {
        this.job = job.name();
        this.parameters = job.parameters();
        this.directory = directory;
        this.problems = problems;
    }

    ParameterValues check(Map<String, List<String>> arguments) {
        refuseUnknown(arguments);
        Map<String, List<String>> values = new TreeMap<>();
        for (ParameterDefinition parameter : parameters) {
            List<String> given = arguments.get(parameter.name());
            if (given != null) {
                values.put(parameter.name(), typed(parameter, given));
            } else if (parameter.required()) {
                problems.add(
                        "parameter " + parameter.name(),
                        job + " needs a value for it" + help(parameter) + ".",
                        "Add " + parameter.name() + "=<" + ReadParameters.typeOf(parameter) + "> to the command.");
            } else {
                parameter
                        .defaultValue()
                        .ifPresent(written -> values.put(
                                parameter.name(),
                                written.stream()
                                        .map(text -> canonical(parameter, text))
                                        .toList()));
            }
        }
        return new ParameterValues(values);
    }

    private void refuseUnknown(Map<String, List<String>> arguments) {
        List<String> names = parameters.stream().map(ParameterDefinition::name).toList();
        for (String name : arguments.keySet()) {
            if (!names.contains(name)) {
                problems.add(
                        "parameter " + name,
                        job + " has no such parameter.",
                        names.isEmpty() ? "It takes none." : new Choices(names).advice(name));
            }
        }
    }

    private List<String> typed(ParameterDefinition parameter, List<String> given) {
        if (!parameter.list() && given.size() != 1) {
            problems.add(
                    "parameter " + parameter.name(),
                    "is given " + given.size() + " times and takes one value.",
                    "Give it once.");
        }
        List<String> texts = parameter.list() ? elements(parameter, given) : given;
        return texts.stream()
                .map(text -> parameter.type() == Type.PATH ? resolved(parameter, text) : text)
                .map(text -> canonical(parameter, text))
                .toList();
    }

    /** {@code ids=1,2} and {@code ids=1 ids=2} are the same; {@code \,} is a comma inside an element. */
    private static List<String> elements(ParameterDefinition parameter, List<String> given) {
        List<String> elements = new ArrayList<>();
        for (String text : given) {
            if (!text.isEmpty()) {
                for (String element : COMMA.split(text, -1)) {
                    String plain = element.replace("\\,", ",");
                    elements.add(parameter.type() == Type.TEXT ? plain : plain.strip());
                }
            }
        }
        return elements;
    }

    /** What is typed belongs to the directory it is typed in; a default stays as written and is the home's. */
    private String resolved(ParameterDefinition parameter, String text) {
        if (text.isBlank() || text.equals(STDIN)) {
            return text;
        }
        try {
            return directory.resolve(text).toAbsolutePath().normalize().toString();
        } catch (InvalidPathException e) {
            problems.add("parameter " + parameter.name(), "\"" + e.getInput() + "\" is not a path.", e.getReason());
            return text;
        }
    }

    private String canonical(ParameterDefinition parameter, String text) {
        try {
            return CanonicalText.of(parameter, text);
        } catch (Unfit unfit) {
            problems.add("parameter " + parameter.name(), unfit.what(), unfit.fix());
            return text;
        }
    }

    private static String help(ParameterDefinition parameter) {
        return parameter.help().isEmpty() ? "" : " (" + parameter.help() + ")";
    }
}
