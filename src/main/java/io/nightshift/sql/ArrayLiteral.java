package io.nightshift.sql;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** PostgreSQL's text form of a one-dimensional array. */
final class ArrayLiteral {

    /** What PostgreSQL passes over around elements. All other blanks of Unicode belong to them, and are not quoted. */
    private static final String BLANKS = " \t\n\r\u000b\f";

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
        return new ArrayLiteral(stripped(literal)).read();
    }

    private List<@Nullable String> read() {
        List<@Nullable String> elements = new ArrayList<>();
        if (!literal.startsWith("{") || !literal.endsWith("}")) {
            throw notOneDimension();
        }
        position = 1;
        if (stripped(literal.substring(1, literal.length() - 1)).isEmpty()) {
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
        element = stripped(upTo(",{}"));
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

    private static String stripped(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && BLANKS.indexOf(text.charAt(from)) >= 0) {
            from++;
        }
        while (to > from && BLANKS.indexOf(text.charAt(to - 1)) >= 0) {
            to--;
        }
        return text.substring(from, to);
    }

    private void skipBlanks() {
        while (position < literal.length() && BLANKS.indexOf(literal.charAt(position)) >= 0) {
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
