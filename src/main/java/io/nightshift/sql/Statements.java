package io.nightshift.sql;

import io.nightshift.content.ContentFile;
import io.nightshift.problem.Problem;
import io.nightshift.problem.Problems;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** All statements of a home, by id. */
public final class Statements {

    private final Map<String, Statement> sound = new TreeMap<>();
    private final Map<String, MapperNode.Element> written = new TreeMap<>();

    private Statements() {}

    /** Reads all mappers; adds every problem that they have and throws for none of them. */
    public static Statements read(List<ContentFile> mappers, Problems problems) {
        Statements statements = new Statements();
        // A fragment that is included twice is wrong once.
        Set<Problem> found = new LinkedHashSet<>();
        List<MapperNode.Element> roots = new ArrayList<>();
        for (ContentFile mapper : mappers) {
            ReadMapperXml.of(mapper, found)
                    .filter(root -> CheckMapper.check(root, found))
                    .ifPresent(roots::add);
        }
        statements.readAll(roots, found);
        found.forEach(problem -> problems.add(problem.where(), problem.what(), problem.fix()));
        return statements;
    }

    /** The statement of this id, unless it is unknown or has problems. */
    public Optional<Statement> find(String id) {
        return Optional.ofNullable(sound.get(id));
    }

    /** Whether there is such a statement, but with problems that have been told already. */
    public boolean isBroken(String id) {
        return written.containsKey(id) && !sound.containsKey(id);
    }

    /** The ids of all statements, those with problems too. */
    public Set<String> ids() {
        return new TreeSet<>(written.keySet());
    }

    /**
     * The statement of an id that has been checked.
     *
     * @throws IllegalArgumentException if there is none, which a check would have told
     */
    public Statement get(String id) {
        return find(id).orElseThrow(() -> new IllegalArgumentException(
                "there is no statement \"" + id + "\", and no check has told. This is a bug in Nightshift."));
    }

    private void readAll(List<MapperNode.Element> roots, Set<Problem> found) {
        Fragments fragments = new Fragments();
        roots.forEach(root -> root.elements().stream()
                .filter(element -> element.name().equals("sql") && hasId(element))
                .forEach(element -> fragments.add(root.required("namespace"), element, found)));
        MyBatis myBatis = new MyBatis();
        roots.forEach(root -> root.elements().stream()
                .filter(element -> CheckMapper.isStatement(element) && hasId(element))
                .forEach(element -> readOne(root.required("namespace"), element, fragments, myBatis, found)));
    }

    private static boolean hasId(MapperNode.Element element) {
        return Names.isWord(element.attribute("id").orElse(""));
    }

    private void readOne(
            String namespace, MapperNode.Element element, Fragments fragments, MyBatis myBatis, Set<Problem> found) {
        String id = namespace + "." + element.required("id");
        MapperNode.Element first = written.putIfAbsent(id, element);
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
            sound.put(id, new Statement(id, element, nodes, myBatis));
        }
        found.addAll(own);
    }
}
