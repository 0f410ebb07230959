package io.nightshift.sql.mapper;

import io.nightshift.problem.Choices;
import io.nightshift.problem.Problem;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The rules of one mapper file that need no other file: which elements and attributes there may be, and what may stand
 * in them. Mappers are code that runs with the role's rights, so everything is refused that is not on the list.
 */
final class CheckMapper {

    private static final Set<String> DYNAMIC = Set.of("include", "if", "foreach");
    private static final Set<String> STATEMENTS = Set.of("select", "insert", "update", "delete");
    private static final Set<String> TOP = Set.of("select", "insert", "update", "delete", "sql");
    private static final Map<String, Set<String>> ATTRIBUTES = Map.of(
            "mapper", Set.of("namespace"),
            "select", Set.of("id"),
            "insert", Set.of("id"),
            "update", Set.of("id"),
            "delete", Set.of("id"),
            "sql", Set.of("id"),
            "include", Set.of("refid"),
            "if", Set.of("test"),
            "foreach", Set.of("collection", "item", "index", "open", "close", "separator"));
    private static final Set<String> OPTIONAL = Set.of("index", "open", "close", "separator");
    private static final Set<String> TYPES = Set.of(
            "parameterType", "parameterMap", "resultType", "resultMap", "resultSetType", "resultSets", "resultOrdered");
    private static final Pattern SUBSTITUTION = Pattern.compile("\\$\\{");
    private static final Pattern PLACEHOLDER = Pattern.compile("#\\{([^}]*)(}?)");

    private final Collection<Problem> problems;

    private CheckMapper(Collection<Problem> problems) {
        this.problems = problems;
    }

    /** Adds everything that is wrong in the file, and tells whether its namespace can be used. */
    static boolean check(MapperNode.Element root, Collection<Problem> problems) {
        CheckMapper check = new CheckMapper(problems);
        if (!root.name().equals("mapper")) {
            check.add(
                    root.place(),
                    "the root element is <" + root.name() + ">.",
                    "A mapper file is <mapper namespace=\"table\"> ... </mapper>.");
            return false;
        }
        check.attributes(root);
        check.children(root, TOP);
        String namespace = root.attribute("namespace").orElse("");
        if (!namespace.isEmpty() && !Names.isNamespace(namespace)) {
            check.add(
                    root.place(),
                    "\"" + namespace + "\" is no namespace.",
                    "Write the table, or the schema and the table: namespace=\"posts\" or namespace=\"blog.posts\".");
        }
        return Names.isNamespace(namespace);
    }

    static boolean isStatement(MapperNode.Element element) {
        return STATEMENTS.contains(element.name());
    }

    /** Adds what is wrong inside a statement once its fragments are put in. */
    static void checkSql(MapperNode.Element statement, List<MapperNode> nodes, Collection<Problem> problems) {
        CheckMapper check = new CheckMapper(problems);
        check.attributes(statement);
        check.children(
                new MapperNode.Element(statement.name(), statement.attributes(), nodes, statement.place()), DYNAMIC);
    }

    private void children(MapperNode.Element parent, Set<String> allowed) {
        for (MapperNode child : parent.children()) {
            if (child instanceof MapperNode.Element element) {
                element(parent, element, allowed);
            } else if (child instanceof MapperNode.Text text) {
                text(parent, text);
            }
        }
    }

    private void element(MapperNode.Element parent, MapperNode.Element element, Set<String> allowed) {
        if (!allowed.contains(element.name())) {
            add(
                    element.place(),
                    "<" + element.name() + "> may not stand in <" + parent.name() + ">.",
                    remedy(element, allowed));
            return;
        }
        attributes(element);
        if (element.name().equals("include")) {
            children(element, Set.of());
            return;
        }
        children(element, DYNAMIC);
    }

    private static String remedy(MapperNode.Element element, Set<String> allowed) {
        return switch (element.name()) {
            case "choose", "when", "otherwise", "trim", "where", "set" -> "Write it with <if>, or as two statements.";
            case "bind", "script" -> "It runs code: compute the value in SQL.";
            case "selectKey" -> "Use RETURNING in the statement.";
            case "resultMap", "parameterMap", "cache", "cache-ref" -> "Nightshift reads results itself: take it out.";
            default -> allowed.isEmpty() ? "Take it out." : new Choices(allowed).advice(element.name());
        };
    }

    private void attributes(MapperNode.Element element) {
        Set<String> allowed = ATTRIBUTES.getOrDefault(element.name(), Set.of());
        element.attributes().forEach((name, value) -> {
            if (!allowed.contains(name)) {
                add(element.place(), "<" + element.name() + "> has an attribute " + name + ".", remedy(name, allowed));
            } else {
                value(element, name, value);
            }
        });
        for (String name : new TreeSet<>(allowed)) {
            if (!OPTIONAL.contains(name) && element.attribute(name).orElse("").isBlank()) {
                add(
                        element.place(),
                        "<" + element.name() + "> has no " + name + ".",
                        "Write <" + element.name() + " " + name + "=\"...\">.");
            }
        }
    }

    private static String remedy(String attribute, Set<String> allowed) {
        if (TYPES.contains(attribute)) {
            return "Parameters are bound in their declared types and results are read by the engine: take it out.";
        }
        return new Choices(allowed)
                .nearest(attribute)
                .map(name -> "Did you mean \"" + name + "\"?")
                .orElse("Take it out.");
    }

    private void value(MapperNode.Element element, String name, String value) {
        if (value.isBlank()) {
            return;
        }
        boolean wrong =
                switch (name) {
                    case "id", "item", "index" -> !Names.isWord(value);
                    case "collection" -> !Names.isValue(value);
                    default -> false;
                };
        if (wrong) {
            add(
                    element.place(),
                    name + " \"" + value + "\" is no name.",
                    "Use letters, digits and _, beginning with a letter.");
        }
        if (name.equals("test")) {
            test(element, value);
        } else if (value.contains("${") || value.contains("#{")) {
            add(
                    element.place(),
                    name + " contains \"" + value + "\".",
                    "Only SQL itself may contain #{}; nothing may contain ${}.");
        }
    }

    private void test(MapperNode.Element element, String expression) {
        try {
            TestExpression.names(expression);
        } catch (IllegalArgumentException e) {
            add(
                    element.place(),
                    "test=\"" + expression + "\": " + e.getMessage() + ".",
                    "A test may compare names with null, numbers, texts and each other, joined by and, or, not.");
        }
    }

    private void text(MapperNode.Element parent, MapperNode.Text text) {
        if (parent.name().equals("mapper") || parent.name().equals("include")) {
            if (!text.text().isBlank()) {
                int start = text.text().indexOf(text.text().strip());
                add(
                        line(text, start),
                        "text stands directly in <" + parent.name() + ">.",
                        "Put it into a statement, or into an XML comment.");
            }
            return;
        }
        Matcher substitution = SUBSTITUTION.matcher(text.text());
        while (substitution.find()) {
            add(
                    line(text, substitution.start()),
                    "${} pastes text into the SQL.",
                    "Write #{name}, which binds a value. Table and column names are written out.");
        }
        Matcher placeholder = PLACEHOLDER.matcher(text.text());
        while (placeholder.find()) {
            placeholder(
                    line(text, placeholder.start()),
                    placeholder.group(1),
                    !placeholder.group(2).isEmpty());
        }
    }

    private void placeholder(Place place, String content, boolean closed) {
        String name = content.strip();
        if (!closed) {
            add(place, "#{ is not closed.", "Write #{name}.");
        } else if (name.contains(",") || name.contains(":")) {
            add(
                    place,
                    "#{" + content + "} has options.",
                    "Write #{" + name.split("[,:]", 2)[0].strip()
                            + "}: a value is bound in its declared type; use a cast for another one.");
        } else if (!Names.isValue(name)) {
            add(place, "#{" + content + "} is no name.", "Write a parameter in camelCase, or keys, or keys.column.");
        }
    }

    private static Place line(MapperNode.Text text, int offset) {
        return text.place().down((int)
                text.text().substring(0, offset).chars().filter(c -> c == '\n').count());
    }

    private void add(Place place, String what, String fix) {
        problems.add(new Problem(place.toString(), what, fix));
    }
}
