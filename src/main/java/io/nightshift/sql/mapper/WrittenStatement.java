package io.nightshift.sql.mapper;

import io.nightshift.problem.Problems;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A statement as it stands in a mapper, its fragments put in; it keeps all rules. */
public final class WrittenStatement {

    private final String id;
    private final MapperNode.Element element;
    private final List<MapperNode> nodes;
    private final UsedNames names;

    /**
     * A foreach.
     *
     * @param collection the list it goes through
     * @param index      what it calls the position
     */
    public record Loop(String collection, String index) {}

    WrittenStatement(String id, MapperNode.Element element, List<MapperNode> nodes) {
        this.id = id;
        this.element = element;
        this.nodes = nodes;
        this.names = new UsedNames(nodes);
    }

    /** Namespace and id. */
    public String id() {
        return id;
    }

    /** The name of its element: {@code select}, {@code insert}, {@code update} or {@code delete}. */
    public String element() {
        return element.name();
    }

    /** For messages: {@code mappers/posts.xml:14 (posts.setWordCount)}. */
    public String where() {
        return element.place().of(id);
    }

    /** For people: the SQL with dynamic elements as they were written. */
    public String text() {
        return Script.readable(nodes);
    }

    /** For MyBatis: an XML document of the same meaning, in which every foreach counts. */
    public String script() {
        return Script.forMyBatis(nodes);
    }

    /**
     * The place of a line of the SQL that was made of it. A line may have come together from several, as where a fragment
     * was put in: then it is the place of the longest of them.
     *
     * @param line with {@code ?} for each value
     * @return empty where that may be more than one place
     */
    public Optional<String> whereIs(String line) {
        String wanted = bare(line);
        Map<Place, String> lines = new LinkedHashMap<>();
        collect(nodes, lines);
        int longest = lines.values().stream()
                .filter(wanted::contains)
                .mapToInt(String::length)
                .max()
                .orElse(0);
        List<Place> places = lines.entrySet().stream()
                .filter(candidate -> candidate.getValue().length() == longest && wanted.contains(candidate.getValue()))
                .map(Map.Entry::getKey)
                .toList();
        boolean mostOfIt = longest > 0 && 2 * longest >= wanted.length();
        return mostOfIt && places.size() == 1 ? Optional.of(places.get(0).of(id)) : Optional.empty();
    }

    private static void collect(List<MapperNode> nodes, Map<Place, String> lines) {
        for (MapperNode node : nodes) {
            if (node instanceof MapperNode.Element inner) {
                collect(inner.children(), lines);
            } else if (node instanceof MapperNode.Text text) {
                String[] parts = text.text().split("\\R", -1);
                for (int i = 0; i < parts.length; i++) {
                    // Two texts share a line where an element stands between them.
                    lines.merge(
                            text.place().down(i),
                            bare(parts[i]),
                            (one, two) -> one.length() < two.length() ? two : one);
                }
            }
        }
    }

    /** How a line looks when it does not matter how it is indented and what its values are called. */
    private static String bare(String line) {
        return line.replaceAll("#\\{[^}]*\\}|\\?\\?", "?")
                .replaceAll("\\s+", " ")
                .strip();
    }

    /** The values that it reads. */
    public Set<String> parameters() {
        return Set.copyOf(names.parameters());
    }

    /** Its foreach elements by the names of their items. */
    public Map<String, Loop> loops() {
        return Map.copyOf(names.loops());
    }

    /** Whether it contains this word or quoted name outside comments and strings. */
    public boolean mentions(String name) {
        return SqlTokens.code(sql().text()).stream()
                .anyMatch(token -> token.isName() && token.name().equals(name));
    }

    /** Whether it contains this word as a word of SQL, in whatever case. */
    public boolean mentionsWord(String word) {
        return SqlTokens.code(sql().text()).stream().anyMatch(token -> token.is(word));
    }

    /** Whether its rows are chosen by a WHERE. */
    public boolean hasCondition() {
        return !Condition.of(sql().text()).terms().isEmpty();
    }

    /** Whether a term of the other statement's WHERE stands in this one too. */
    public boolean repeatsConditionOf(WrittenStatement keys) {
        return Condition.of(keys.sql().text()).standsIn(sql().text());
    }

    /** Adds what forbids its use as the {@code keys} of a step. */
    public void checkKeys(Problems problems) {
        new CheckKeys(this).check(problems);
    }

    SqlText sql() {
        return new SqlText(nodes);
    }
}
