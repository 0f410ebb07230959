package io.nightshift.sql;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A value on its way to PostgreSQL, in PostgreSQL's own text: never converted in Java, so never changed.
 *
 * @param type PostgreSQL's name of the type, {@code int8} or {@code uuid[]}
 * @param text the value as the type's input function reads it; null for NULL
 */
public record SqlValue(String type, @Nullable String text) {

    /** An array literal of the elements' texts. */
    public static SqlValue array(String elementType, List<@Nullable String> elements) {
        StringBuilder literal = new StringBuilder("{");
        for (String element : elements) {
            literal.append(literal.length() == 1 ? "" : ",").append(quoted(element));
        }
        return new SqlValue(elementType + "[]", literal.append('}').toString());
    }

    private static String quoted(@Nullable String element) {
        return element == null ? "NULL" : '"' + element.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
