package io.nightshift.sql.mapper;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Writes the nodes of a statement down again: for people and for MyBatis. */
final class Script {

    private Script() {}

    /** The SQL as it is, dynamic elements as they were written. */
    static String readable(List<MapperNode> nodes) {
        return write(nodes, UnaryOperator.identity(), UnaryOperator.identity()).strip();
    }

    /** The same as an XML document for MyBatis' own reader. Each foreach counts, so that elements keep their types. */
    static String forMyBatis(List<MapperNode> nodes) {
        return "<script>" + write(nodes, Script::counting, Script::escaped) + "</script>";
    }

    /** What the position in a foreach is called where the mapper gives it no name. */
    static String indexOf(String item) {
        return "nightshift_index_of_" + item;
    }

    private static String write(
            List<MapperNode> nodes, UnaryOperator<MapperNode.Element> change, UnaryOperator<String> escape) {
        StringBuilder out = new StringBuilder();
        for (MapperNode node : nodes) {
            if (node instanceof MapperNode.Text text) {
                out.append(escape.apply(text.text()));
            } else if (node instanceof MapperNode.Element written) {
                MapperNode.Element element = change.apply(written);
                String attributes = element.attributes().entrySet().stream()
                        .map(entry -> " " + entry.getKey() + "=\"" + escape.apply(entry.getValue()) + "\"")
                        .collect(Collectors.joining());
                out.append('<').append(element.name()).append(attributes).append('>');
                out.append(write(element.children(), change, escape));
                out.append("</").append(element.name()).append('>');
            }
        }
        return out.toString();
    }

    private static MapperNode.Element counting(MapperNode.Element element) {
        if (!element.name().equals("foreach") || element.attribute("index").isPresent()) {
            return element;
        }
        Map<String, String> attributes = new LinkedHashMap<>(element.attributes());
        attributes.put("index", indexOf(element.required("item")));
        return new MapperNode.Element(element.name(), attributes, element.children(), element.place());
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("\r", "&#13;");
    }
}
