package io.nightshift.sql;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** PostgreSQL's text form of a one-dimensional array. */
final class ArrayLiteral {

    private final String literal;
    private int position;

    private ArrayLiteral(String literal) {
        this.literal = literal;
    }

    static String of(List<? extends @Nullable String> elements) {
        StringBuilder literal = new StringBuilder("{");
        for (String element : elements) {
            if (literal.length() > 1) {
                literal.append(',');
            }
            append(literal, element);
        }
        return literal.append('}').toString();
    }

    private static void append(StringBuilder literal, @Nullable String element) {
        if (element == null) {
            literal.append("NULL");
            return;
        }
        literal.append('"');
        if (element.indexOf('\\') < 0 && element.indexOf('"') < 0) {
            literal.append(element);
        } else {
            literal.append(element.replace("\\", "\\\\").replace("\"", "\\\""));
        }
        literal.append('"');
    }

    /**
     * The elements' texts, null for NULL.
     *
     * @throws IllegalArgumentException if the text is no array of one dimension
     */
    static List<@Nullable String> elements(String literal) {
        return new ArrayLiteral(literal.strip()).read();
    }

    private List<@Nullable String> read() {
        List<@Nullable String> elements = new ArrayList<>();
        if (!literal.startsWith("{") || !literal.endsWith("}")) {
            throw notOneDimension();
        }
        position = 1;
        if (literal.substring(1, literal.length() - 1).isBlank()) {
            return elements;
        }
        do {
            elements.add(element());
        } while (literal.charAt(position++) == ',');
        if (position != literal.length()) {
            throw notOneDimension();
        }
        return elements;
    }

    private @Nullable String element() {
        skipBlanks();
        String element;
        if (literal.charAt(position) == '"') {
            element = upTo("\"").toString();
            position++;
            skipBlanks();
            return element;
        }
        position--;
        element = upTo(",{}").strip();
        return element.equalsIgnoreCase("NULL") ? null : element;
    }

    /** Reads behind the current character up to one of the ends, which is not consumed. */
    private String upTo(String ends) {
        StringBuilder text = new StringBuilder();
        position++;
        while (position < literal.length() && ends.indexOf(literal.charAt(position)) < 0) {
            if (literal.charAt(position) == '\\') {
                position++;
            }
            text.append(literal, position, Math.min(position + 1, literal.length()));
            position++;
        }
        if (position >= literal.length() || literal.charAt(position) == '{') {
            throw notOneDimension();
        }
        return text.toString();
    }

    private void skipBlanks() {
        while (position < literal.length() && Character.isWhitespace(literal.charAt(position))) {
            position++;
        }
        if (position == literal.length()) {
            throw notOneDimension();
        }
    }

    private IllegalArgumentException notOneDimension() {
        return new IllegalArgumentException("not the text of a one-dimensional array: " + literal);
    }
}
