package io.nightshift.sql.mapper;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which values a statement reads, and which names its foreach elements give to elements of lists. */
final class UsedNames {

    private static final Pattern PLACEHOLDER = Pattern.compile("#\\{\\s*([^}\\s]+)\\s*}");

    private final Set<String> parameters = new TreeSet<>();
    private final Map<String, WrittenStatement.Loop> loops = new LinkedHashMap<>();
    private final Deque<String> scope = new ArrayDeque<>();

    /** @throws IllegalArgumentException if one name stands for elements of two different lists */
    UsedNames(List<MapperNode> nodes) {
        read(nodes);
    }

    /** The values that must be given: {@code minimumLength}, {@code keys}, {@code keys.teamId}. */
    Set<String> parameters() {
        return parameters;
    }

    /** The loops by the name of their item. */
    Map<String, WrittenStatement.Loop> loops() {
        return loops;
    }

    private void read(List<MapperNode> nodes) {
        for (MapperNode node : nodes) {
            if (node instanceof MapperNode.Text text) {
                Matcher placeholder = PLACEHOLDER.matcher(text.text());
                while (placeholder.find()) {
                    use(placeholder.group(1));
                }
            } else if (node instanceof MapperNode.Element element) {
                element.attribute("test").map(TestExpression::names).ifPresent(names -> names.forEach(this::use));
                if (element.name().equals("foreach")) {
                    loop(element);
                } else {
                    read(element.children());
                }
            }
        }
    }

    private void loop(MapperNode.Element foreach) {
        String collection = foreach.required("collection");
        String item = foreach.required("item");
        if (scope.contains(collection)) {
            throw new IllegalArgumentException("\"" + collection + "\" is an element and has no elements of its own");
        }
        use(collection);
        WrittenStatement.Loop loop =
                new WrittenStatement.Loop(collection, foreach.attribute("index").orElse(Script.indexOf(item)));
        WrittenStatement.Loop other = loops.putIfAbsent(item, loop);
        if (other != null && !other.equals(loop)) {
            throw new IllegalArgumentException("item \"" + item + "\" stands for elements of two lists");
        }
        scope.push(item);
        scope.push(loop.index());
        read(foreach.children());
        scope.pop();
        scope.pop();
    }

    private void use(String name) {
        if (scope.contains(name)) {
            return;
        }
        if (scope.contains(name.split("\\.", 2)[0])) {
            throw new IllegalArgumentException("\"" + name + "\" asks for a part of an element, which has none");
        }
        parameters.add(name);
    }
}
