package io.nightshift.job.yaml;

import io.nightshift.content.ContentFile;
import io.nightshift.job.yaml.YamlNode.Fields;
import io.nightshift.job.yaml.YamlNode.Items;
import io.nightshift.job.yaml.YamlNode.Text;
import io.nightshift.problem.Problems;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.CollectionStartEvent;
import org.yaml.snakeyaml.events.DocumentStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.reader.ReaderException;

/** The one place that knows the YAML parser: text becomes a tree of places and texts, or problems with their lines. */
public final class ReadYaml {

    private final ContentFile file;
    private final Problems problems;
    private final Place start;

    public ReadYaml(ContentFile file, Problems problems) {
        this.file = file;
        this.problems = problems;
        this.start = new Place(file.where(), 1, "");
    }

    /** The mapping that the file is; empty when there was none that could be read, and then there is a problem. */
    public Optional<Fields> read() {
        try {
            if (!plain()) {
                return Optional.empty();
            }
            Node root = yaml().compose(new StringReader(file.text()));
            if (root instanceof MappingNode mapping) {
                return Optional.of(fields(mapping, start));
            }
            problems.add(
                    start.text(),
                    root == null ? "the file is empty." : "a job file is a mapping of keys to values.",
                    "Write at least: steps: [...]. docs/job-file.md shows a whole one.");
        } catch (MarkedYAMLException e) {
            problems.add(at(e.getProblemMark()).text(), "is not YAML: " + e.getProblem() + ".", remedy(e));
        } catch (ReaderException e) {
            long line = file.text()
                            .codePoints()
                            .limit(e.getPosition())
                            .filter(c -> c == '\n')
                            .count()
                    + 1;
            problems.add(
                    file.where() + ":" + line,
                    String.format("contains the character U+%04X, which YAML forbids.", e.getCodePoint()),
                    "Take it out.");
        } catch (YAMLException e) {
            problems.add(file.where(), "is too deep or too long for a job (" + e.getMessage() + ").", "Split the job.");
        }
        return Optional.empty();
    }

    private static Yaml yaml() {
        return new Yaml(new SafeConstructor(new LoaderOptions()));
    }

    /** Whether the file does without what YAML has and a job does not need: anchors, tags, several documents. */
    private boolean plain() {
        int before = problems.all().size();
        int documents = 0;
        for (Event event : yaml().parse(new StringReader(file.text()))) {
            String place = at(event.getStartMark()).text();
            if (event instanceof DocumentStartEvent && ++documents == 2) {
                problems.add(place, "a second YAML document begins here.", "Write one job per file.");
            }
            if (event instanceof NodeEvent node && node.getAnchor() != null) {
                String sign = event instanceof AliasEvent ? "*" : "&";
                problems.add(
                        place,
                        "\"" + sign + node.getAnchor() + "\" is a YAML anchor or alias, which job files do without.",
                        "Write the value out, or put it in quotes if it is meant as text.");
            }
            if (tag(event) != null) {
                problems.add(
                        place,
                        "\"" + tag(event).replace("tag:yaml.org,2002:", "!!")
                                + "\" is a YAML tag, which job files do without.",
                        "Take it out, or put the value in quotes if it is meant as text.");
            }
        }
        return problems.all().size() == before;
    }

    private static @Nullable String tag(Event event) {
        if (event instanceof ScalarEvent scalar) {
            return scalar.getTag();
        }
        return event instanceof CollectionStartEvent collection ? collection.getTag() : null;
    }

    private Fields fields(MappingNode mapping, Place place) {
        Map<String, YamlNode> fields = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            Place keyPlace = at(tuple.getKeyNode().getStartMark());
            if (!(tuple.getKeyNode() instanceof ScalarNode keyNode)) {
                problems.add(
                        keyPlace.text(), "a key must be a word.", "Put a value that begins with { or [ in quotes.");
                continue;
            }
            String key = keyNode.getValue();
            Place valuePlace = place.key(key, keyPlace.line());
            if (fields.containsKey(key)) {
                int first = fields.get(key).place().line();
                problems.add(
                        valuePlace.text(),
                        "this key stands here a second time; the first is in line " + first + ".",
                        "Keep one of the two.");
            } else {
                fields.put(key, node(tuple.getValueNode(), valuePlace));
            }
        }
        return new Fields(place, fields);
    }

    private YamlNode node(Node node, Place place) {
        if (node instanceof MappingNode mapping) {
            return fields(mapping, place);
        }
        if (node instanceof SequenceNode sequence) {
            List<YamlNode> items = new ArrayList<>();
            for (Node item : sequence.getValue()) {
                items.add(node(item, place.index(items.size(), line(item.getStartMark()))));
            }
            return new Items(place, items);
        }
        ScalarNode scalar = (ScalarNode) node;
        boolean absent = scalar.isPlain() && scalar.getTag().equals(Tag.NULL);
        return new Text(place, absent ? "" : scalar.getValue(), absent, false);
    }

    private Place at(Mark mark) {
        return new Place(start.file(), line(mark), "");
    }

    private static int line(Mark mark) {
        return mark.getLine() + 1;
    }

    private static String remedy(MarkedYAMLException error) {
        String problem = String.valueOf(error.getProblem());
        if (problem.contains("TAB")) {
            return "Indent with blanks; YAML takes no tabs.";
        }
        if (String.valueOf(error.getContext()).contains("alias")) {
            return "Put a value that begins with * or & in quotes.";
        }
        if (problem.contains("expected ',' or")) {
            return "Close the bracket, or put the value in quotes: inside { } and [ ] also \"${name}\" needs them.";
        }
        return "Look at this line and the one above: indentation, a blank after each colon, closed quotes.";
    }
}
