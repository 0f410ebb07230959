package io.nightshift.sql.mapper;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** All text of a statement in one string, every branch of it, that still knows the file and line of each character. */
final class SqlText {

    private final StringBuilder text = new StringBuilder();
    private final TreeMap<Integer, Place> places = new TreeMap<>();

    SqlText(List<MapperNode> nodes) {
        append(nodes);
    }

    private void append(List<MapperNode> nodes) {
        for (MapperNode node : nodes) {
            if (node instanceof MapperNode.Element element) {
                add(" " + element.attribute("open").orElse("") + " ", element.place());
                append(element.children());
                String tail = element.attribute("separator").orElse("") + " "
                        + element.attribute("close").orElse("");
                add(" " + tail + " ", element.place());
            } else if (node instanceof MapperNode.Text piece) {
                add(piece.text(), piece.place());
            }
        }
    }

    private void add(String piece, Place place) {
        places.put(text.length(), place);
        text.append(piece);
    }

    String text() {
        return text.toString();
    }

    Place placeOf(int offset) {
        Map.Entry<Integer, Place> start = places.floorEntry(offset);
        long lines = text.substring(start.getKey(), offset)
                .chars()
                .filter(c -> c == '\n')
                .count();
        return start.getValue().down((int) lines);
    }
}
