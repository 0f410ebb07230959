package io.nightshift.sql;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A value on its way to PostgreSQL, in PostgreSQL's own text: never converted in Java, so never changed.
 *
 * @param type PostgreSQL's name of the type, {@code int8} or {@code uuid[]}
 * @param text the value as the type's input function reads it; null for NULL
 */
public record SqlValue(String type, @Nullable String text) {

    /** An array literal of the elements' texts. */
    public static SqlValue array(String elementType, List<? extends @Nullable String> elements) {
        return new SqlValue(elementType + "[]", ArrayLiteral.of(elements));
    }

    /** The type of the elements, if this is an array. */
    public Optional<String> elementType() {
        return type.endsWith("[]") ? Optional.of(type.substring(0, type.length() - 2)) : Optional.empty();
    }
}
