package io.nightshift.job.yaml;

import java.util.List;
import java.util.Map;

/** What stands in a YAML file, without YAML's guesses about types: {@code no} is a text until somebody asks for more. */
public sealed interface YamlNode {

    Place place();

    /** For messages: what this is. */
    String shape();

    /**
     * @param text   the value
     * @param absent whether nothing is written, or {@code null} without quotes
     * @param filled whether a parameter's value was put in
     */
    record Text(Place place, String text, boolean absent, boolean filled) implements YamlNode {
        @Override
        public String shape() {
            return absent ? "nothing" : "a single value";
        }
    }

    /** A sequence. */
    record Items(Place place, List<YamlNode> items) implements YamlNode {
        @Override
        public String shape() {
            return "a list";
        }
    }

    /** A mapping; keys in the order of the file. */
    record Fields(Place place, Map<String, YamlNode> fields) implements YamlNode {
        @Override
        public String shape() {
            return "a mapping";
        }
    }
}
