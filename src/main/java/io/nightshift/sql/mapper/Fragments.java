package io.nightshift.sql.mapper;

import io.nightshift.problem.Choices;
import io.nightshift.problem.Problem;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The {@code <sql>} pieces of all mappers, by their full names, and how they are put in where they are included. */
final class Fragments {

    private final Map<String, MapperNode.Element> byId = new TreeMap<>();

    /** Remembers a piece; a second one of the same name is a problem. */
    void add(String namespace, MapperNode.Element sql, Collection<Problem> problems) {
        String id = namespace + "." + sql.required("id");
        MapperNode.Element first = byId.putIfAbsent(id, sql);
        if (first != null) {
            problems.add(new Problem(
                    sql.place().of(id),
                    "there is a <sql> of this name already, at " + first.place() + ".",
                    "Give one of the two another id."));
        }
    }

    /** The nodes with every include replaced by what it names; what cannot be replaced is left out and a problem. */
    List<MapperNode> putInto(List<MapperNode> nodes, String namespace, Collection<Problem> problems) {
        return putInto(nodes, namespace, new ArrayDeque<>(), problems);
    }

    private List<MapperNode> putInto(
            List<MapperNode> nodes, String namespace, Deque<String> inside, Collection<Problem> problems) {
        List<MapperNode> result = new ArrayList<>();
        for (MapperNode node : nodes) {
            if (!(node instanceof MapperNode.Element element)) {
                result.add(node);
            } else if (element.name().equals("include")) {
                result.addAll(included(element, namespace, inside, problems));
            } else {
                List<MapperNode> children = putInto(element.children(), namespace, inside, problems);
                result.add(new MapperNode.Element(element.name(), element.attributes(), children, element.place()));
            }
        }
        return result;
    }

    private List<MapperNode> included(
            MapperNode.Element include, String namespace, Deque<String> inside, Collection<Problem> problems) {
        String written = include.attribute("refid").orElse("");
        String id = written.contains(".") ? written : namespace + "." + written;
        MapperNode.Element sql = byId.get(id);
        if (sql == null || inside.contains(id)) {
            problems.add(new Problem(
                    include.place().toString(),
                    sql == null
                            ? "there is no <sql id=\"" + written + "\">."
                            : "<sql id=\"" + written + "\"> includes itself.",
                    sql == null ? new Choices(byId.keySet()).advice(id) : "Take one of the includes out."));
            return List.of();
        }
        inside.push(id);
        try {
            return putInto(sql.children(), id.substring(0, id.lastIndexOf('.')), inside, problems);
        } finally {
            inside.pop();
        }
    }
}
