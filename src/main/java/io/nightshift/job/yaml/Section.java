package io.nightshift.job.yaml;

import io.nightshift.job.yaml.Unfit.Parser;
import io.nightshift.job.yaml.YamlNode.Fields;
import io.nightshift.job.yaml.YamlNode.Items;
import io.nightshift.job.yaml.YamlNode.Text;
import io.nightshift.problem.Choices;
import io.nightshift.problem.Problems;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A mapping whose keys are known. Every question for a key answers with a value or a default; what does not fit becomes
 * a problem, so that the reader can go on and find the next.
 */
public final class Section {

    private final Fields node;
    private final Reading reading;
    // Written in another way, of which a problem tells already: they are not missing as well.
    private final Set<String> misspelt;

    private Section(Fields node, Reading reading, Set<String> misspelt) {
        this.node = node;
        this.reading = reading;
        this.misspelt = misspelt;
    }

    /** Problems for a node that is no mapping and for each key that is not among the known ones. */
    public static Section of(YamlNode node, List<String> known, Reading reading) {
        if (!(node instanceof Fields fields)) {
            reading.fault(
                    node,
                    "takes a mapping of keys to values, and there is " + node.shape() + ".",
                    "Known here are: " + String.join(", ", known) + ".");
            // All that would follow is that its keys are missing, too.
            return new Section(new Fields(node.place(), Map.of()), new Reading(new Problems(), true), Set.of());
        }
        Set<String> misspelt = new HashSet<>();
        fields.fields().forEach((key, value) -> {
            if (!known.contains(key)) {
                new Choices(known).nearest(key).ifPresent(misspelt::add);
                reading.problems().add(value.place().text(), "nothing obeys this key.", advice(key, known));
            }
        });
        return new Section(fields, reading, misspelt);
    }

    public static String advice(String key, List<String> known) {
        return new Choices(known)
                        .nearest(key)
                        .map(name -> "Did you mean \"" + name + "\"? ")
                        .orElse("") + "Known here are: " + String.join(", ", known) + ".";
    }

    /** Without a look at the keys: somebody else does that. */
    public static Section unchecked(Fields node, Reading reading) {
        return new Section(node, reading, Set.of());
    }

    public Place place() {
        return node.place();
    }

    public boolean has(String key) {
        return node.fields().containsKey(key);
    }

    /** The value of a key, whatever it is; a problem when nothing is written behind it. */
    public Optional<YamlNode> find(String key) {
        YamlNode value = node.fields().get(key);
        if (value instanceof Text text && text.absent()) {
            problem(key, "has no value.", "Write one, or take the key out; an empty text is \"\".");
            return Optional.empty();
        }
        return Optional.ofNullable(value);
    }

    public Optional<Section> section(String key, List<String> known) {
        return find(key).map(value -> of(value, known, reading));
    }

    public <T> Optional<T> read(String key, Parser<T> parser) {
        return find(key).flatMap(value -> parsed(value, parser));
    }

    public Optional<String> text(String key) {
        return read(key, text -> text);
    }

    /** As {@link #read}, with a problem when the key is missing and the given value to go on with. */
    public <T> T required(String key, Parser<T> parser, T otherwise) {
        if (!has(key) && !misspelt.contains(key)) {
            reading.problems().add(place().text(), "needs the key \"" + key + "\".", "Add " + key + ": ...");
        }
        return read(key, parser).orElse(otherwise);
    }

    /** A list, or a single value for a list of one; empty when the key is missing. */
    public <T> List<T> list(String key, Parser<T> parser) {
        return find(key).map(value -> all(value, parser)).orElse(List.of());
    }

    /** The same for a value that was found. */
    public <T> List<T> all(YamlNode value, Parser<T> parser) {
        if (!(value instanceof Items items)) {
            return parsed(value, parser).stream().toList();
        }
        List<T> result = new ArrayList<>();
        items.items().forEach(item -> result.addAll(all(item, parser)));
        return result;
    }

    /** A mapping whose keys the user chooses. */
    public Map<String, YamlNode> map(String key) {
        Optional<YamlNode> value = find(key);
        if (value.isPresent() && value.get() instanceof Fields fields) {
            return fields.fields();
        }
        value.ifPresent(node ->
                reading.fault(node, "takes a mapping of names to values, and there is " + node.shape() + ".", ""));
        return Map.of();
    }

    /** The text of a node of such a mapping; empty with a problem when it is none. */
    public String text(YamlNode value) {
        return parsed(value, text -> text).orElse("");
    }

    private <T> Optional<T> parsed(YamlNode value, Parser<T> parser) {
        if (!(value instanceof Text text) || text.absent()) {
            reading.fault(
                    value,
                    "takes a single value, and there is " + value.shape() + ".",
                    value instanceof Text
                            ? "Write one; an empty text is \"\"."
                            : "Write it without brackets or dashes.");
            return Optional.empty();
        }
        try {
            return Optional.of(parser.parse(text.text()));
        } catch (Unfit unfit) {
            reading.fault(value, unfit.what(), unfit.fix());
            return Optional.empty();
        }
    }

    /** A problem at a key, or at the mapping when the key is not there. */
    public void problem(String key, String what, String fix) {
        YamlNode value = node.fields().getOrDefault(key, node);
        reading.fault(value, what, fix);
    }
}
