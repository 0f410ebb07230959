package io.nightshift.job;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The values of one run: checked, in canonical text, defaults included. A parameter that was left out and has no
 * default is absent from the map.
 *
 * @param values by the parameter's kebab-case name, sorted; a single value is a list of one
 */
public record ParameterValues(Map<String, List<String>> values) {

    public ParameterValues {
        values = java.util.Collections.unmodifiableMap(new TreeMap<>(values));
    }

    public Optional<List<String>> find(String name) {
        return Optional.ofNullable(values.get(name));
    }
}
