package io.nightshift.job.file;

import io.nightshift.job.ParameterDefinition;
import io.nightshift.job.ParameterDefinition.Type;
import io.nightshift.job.yaml.Reading;
import io.nightshift.job.yaml.Section;
import io.nightshift.job.yaml.Unfit;
import io.nightshift.job.yaml.YamlNode;
import io.nightshift.job.yaml.YamlNode.Fields;
import io.nightshift.problem.Choices;
import io.nightshift.problem.Problems;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Reads the parameters that a job declares. */
final class ReadParameters {

    static final String LIST = "list of ";

    /** What statements know by these names comes from the engine. */
    private static final Set<String> RESERVED =
            Set.of("keys", "now", "asOf", "run", "columns", "loaded", "windowStart", "windowEnd");

    /** What other languages call the types. */
    private static final Map<String, String> ELSEWHERE = Map.ofEntries(
            Map.entry("int", "integer"),
            Map.entry("bigint", "integer"),
            Map.entry("long", "integer"),
            Map.entry("number", "decimal"),
            Map.entry("numeric", "decimal"),
            Map.entry("float", "decimal"),
            Map.entry("double", "decimal"),
            Map.entry("string", "text"),
            Map.entry("varchar", "text"),
            Map.entry("bool", "boolean"),
            Map.entry("datetime", "timestamp"),
            Map.entry("timestamptz", "timestamp"),
            Map.entry("interval", "duration"),
            Map.entry("file", "path"));

    private final Reading reading;
    private final Map<String, ParameterDefinition> bySqlName = new LinkedHashMap<>();

    ReadParameters(Problems problems) {
        this.reading = new Reading(problems, false);
    }

    List<ParameterDefinition> read(YamlNode node) {
        if (!(node instanceof Fields fields)) {
            reading.fault(
                    node,
                    "takes a mapping of names to declarations, and there is " + node.shape() + ".",
                    "Write for example: retention: {type: duration, default: P30D}");
            return List.of();
        }
        List<ParameterDefinition> parameters = new ArrayList<>();
        fields.fields().forEach((name, declaration) -> {
            ParameterDefinition parameter = read(name, declaration);
            checkName(parameter, declaration);
            parameters.add(parameter);
        });
        return parameters;
    }

    private ParameterDefinition read(String name, YamlNode declaration) {
        Section section = Section.of(declaration, Keys.PARAMETER, reading);
        String type = section.required("type", ReadParameters::typeWord, Type.TEXT.word());
        boolean list = type.startsWith(LIST);
        ParameterDefinition parameter = new ParameterDefinition(
                name,
                typeOf(list ? type.substring(LIST.length()) : type),
                list,
                section.read("required", Values::flag).orElse(false),
                Optional.empty(),
                section.list("values", Values::someText),
                section.text("help").orElse(""),
                declaration.place().text());
        checkValues(parameter, section);
        return withDefault(parameter, section);
    }

    private void checkName(ParameterDefinition parameter, YamlNode declaration) {
        String sqlName = parameter.sqlName();
        if (!parameter.name().matches("[a-z][a-z0-9]*(-[a-z0-9]+)*")) {
            reading.fault(
                    declaration,
                    "\"" + parameter.name() + "\" is not a name for a parameter.",
                    "Write lower-case words with dashes, for example minimum-length.");
        } else if (RESERVED.contains(sqlName)) {
            reading.fault(
                    declaration,
                    "\"" + parameter.name() + "\" is taken: statements know #{" + sqlName + "} from Nightshift itself.",
                    "Choose another name.");
        } else if (bySqlName.containsKey(sqlName)) {
            reading.fault(
                    declaration,
                    "statements would know both this and \""
                            + bySqlName.get(sqlName).name() + "\" as #{" + sqlName + "}.",
                    "Choose another name.");
        }
        bySqlName.putIfAbsent(sqlName, parameter);
    }

    private static void checkValues(ParameterDefinition parameter, Section section) {
        boolean isEnum = parameter.type() == Type.ENUM;
        if (isEnum && !section.has("values")) {
            section.problem("type", "an enum needs its values.", "Add values: [...].");
        }
        if (!isEnum && section.has("values")) {
            section.problem("values", "only an enum has values.", "Take them out, or write type: enum.");
        }
    }

    private ParameterDefinition withDefault(ParameterDefinition parameter, Section section) {
        Optional<List<String>> value =
                section.find("default").map(node -> section.all(node, text -> defaultText(parameter, text)));
        if (parameter.required() && section.has("default")) {
            section.problem("default", "a required parameter never uses its default.", "Keep one of the two.");
        }
        if (!parameter.list() && value.orElse(List.of()).size() > 1) {
            section.problem("default", "there are several values for a single one.", "Write one, or type: list of ...");
        }
        return new ParameterDefinition(
                parameter.name(),
                parameter.type(),
                parameter.list(),
                parameter.required(),
                value,
                parameter.values(),
                parameter.help(),
                parameter.where());
    }

    /** The default stays as written; here it only has to be one. */
    private static String defaultText(ParameterDefinition parameter, String text) throws Unfit {
        if (text.contains("${")) {
            throw new Unfit("a default cannot refer to another parameter.", "Write the value itself.");
        }
        if (parameter.type() != Type.ENUM || !parameter.values().isEmpty()) {
            CanonicalText.of(parameter, text);
        }
        return text;
    }

    /** Every way to write a type: {@code integer}, {@code list of integer}. */
    static List<String> typeWords() {
        List<String> single = Arrays.stream(Type.values()).map(Type::word).toList();
        return Stream.concat(single.stream(), single.stream().map(LIST::concat)).toList();
    }

    private static String typeWord(String text) throws Unfit {
        if (typeWords().contains(text)) {
            return text;
        }
        String prefix = text.startsWith(LIST) ? LIST : "";
        String word = text.substring(prefix.length());
        Choices words = new Choices(Arrays.stream(Type.values()).map(Type::word).toList());
        String advice = Optional.ofNullable(ELSEWHERE.get(word.toLowerCase(Locale.ROOT)))
                .or(() -> words.nearest(word))
                .map(meant -> "Did you mean \"" + prefix + meant + "\"?")
                .orElseGet(() -> words.advice(word) + " Each can be a list: list of integer.");
        throw new Unfit("\"" + text + "\" is not a type.", advice);
    }

    /** The type of a parameter as it is written. */
    static String typeOf(ParameterDefinition parameter) {
        return (parameter.list() ? LIST : "") + parameter.type().word();
    }

    private static Type typeOf(String word) {
        return Arrays.stream(Type.values())
                .filter(type -> type.word().equals(word))
                .findFirst()
                .orElseThrow();
    }
}
