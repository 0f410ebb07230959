package io.nightshift.sql.mapper;

import io.nightshift.content.ContentFile;
import io.nightshift.problem.Problem;
import io.nightshift.problem.Problems;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Everything that the mapper files say, read and checked. */
public final class WrittenStatements {

    private static final Pattern NAMESPACE = Pattern.compile("<mapper\\s[^>]*\\bnamespace\\s*=\\s*[\"']([^\"']*)");

    private final Map<String, MapperNode.Element> elements = new TreeMap<>();
    private final Map<String, WrittenStatement> sound = new TreeMap<>();
    private final Fragments fragments = new Fragments();
    // Of mappers in which more statements may stand than could be read; the empty one may be any.
    private final Set<String> unread = new HashSet<>();
    // A fragment that is included twice is wrong once.
    private final Set<Problem> found = new LinkedHashSet<>();

    private WrittenStatements() {}

    /** Reads all mappers; adds every problem that they have and throws for none of them. */
    public static WrittenStatements read(List<ContentFile> mappers, Problems problems) {
        WrittenStatements statements = new WrittenStatements();
        statements.readAll(mappers);
        statements.found.forEach(problem -> problems.add(problem.where(), problem.what(), problem.fix()));
        return statements;
    }

    /** The statements without problems, by id. */
    public Map<String, WrittenStatement> sound() {
        return Map.copyOf(sound);
    }

    /** The ids of all statements, those with problems too. */
    public Set<String> ids() {
        return Set.copyOf(elements.keySet());
    }

    /** Whether a statement of this id may stand in a mapper that could not be read to its end. */
    public boolean mayHave(String id) {
        return unread.contains("") || unread.contains(id.substring(0, Math.max(0, id.lastIndexOf('.'))));
    }

    private void readAll(List<ContentFile> mappers) {
        List<MapperNode.Element> roots = new ArrayList<>();
        for (ContentFile mapper : mappers) {
            ReadMapperXml.of(mapper, found)
                    .filter(root -> CheckMapper.check(root, found))
                    .ifPresentOrElse(roots::add, () -> unread.add(namespace(mapper.text())));
        }
        for (MapperNode.Element root : roots) {
            if (root.elements().stream().anyMatch(element -> CheckMapper.isStatement(element) && !hasId(element))) {
                unread.add(root.required("namespace"));
            }
        }
        // All fragments first: a mapper may include those of any other.
        for (MapperNode.Element root : roots) {
            root.elements().stream()
                    .filter(element -> element.name().equals("sql") && hasId(element))
                    .forEach(element -> fragments.add(root.required("namespace"), element, found));
        }
        for (MapperNode.Element root : roots) {
            root.elements().stream()
                    .filter(element -> CheckMapper.isStatement(element) && hasId(element))
                    .forEach(element -> readOne(root.required("namespace"), element));
        }
    }

    private static String namespace(String text) {
        Matcher matcher = NAMESPACE.matcher(text);
        return matcher.find() && Names.isNamespace(matcher.group(1)) ? matcher.group(1) : "";
    }

    private static boolean hasId(MapperNode.Element element) {
        return Names.isWord(element.attribute("id").orElse(""));
    }

    private void readOne(String namespace, MapperNode.Element element) {
        String id = namespace + "." + element.required("id");
        MapperNode.Element first = elements.putIfAbsent(id, element);
        if (first != null) {
            found.add(new Problem(
                    element.place().of(id),
                    "there is a statement of this name already, at " + first.place() + ".",
                    "Give one of the two another id."));
            return;
        }
        Set<Problem> own = new LinkedHashSet<>();
        List<MapperNode> nodes = fragments.putInto(element.children(), namespace, own);
        CheckMapper.checkSql(element, nodes, own);
        if (own.isEmpty()) {
            CheckStatement.check(id, element, nodes, own);
        }
        if (own.isEmpty()) {
            sound.put(id, new WrittenStatement(id, element, nodes));
        }
        found.addAll(own);
    }
}
