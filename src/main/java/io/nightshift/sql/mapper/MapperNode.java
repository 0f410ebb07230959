package io.nightshift.sql.mapper;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a mapper file consists of; every node knows its line, which neither MyBatis nor the DOM remember. */
sealed interface MapperNode {

    Place place();

    /** An element; its children are in the order of the file. */
    record Element(String name, Map<String, String> attributes, List<MapperNode> children, Place place)
            implements MapperNode {

        Optional<String> attribute(String name) {
            return Optional.ofNullable(attributes.get(name));
        }

        /** An attribute that the rules of mappers have found to be there. */
        String required(String name) {
            return attribute(name).orElseThrow();
        }

        List<Element> elements() {
            return children.stream()
                    .filter(Element.class::isInstance)
                    .map(Element.class::cast)
                    .toList();
        }
    }

    /** Text, entities resolved. */
    record Text(String text, Place place) implements MapperNode {}
}
