package io.nightshift.sql;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A one-dimensional array as PostgreSQL writes it, cut where its elements are, and not converted any further. */
final class ArrayText {

    private final String text;
    /** Where each element begins; the last entry is where one more would. */
    private final int[] begins;

    private final int size;

    /** @param text as the output function of an array writes it: no blanks but in quotes */
    ArrayText(String text) {
        this.text = text;
        int[] found = new int[16];
        int count = 0;
        found[count++] = 1;
        boolean quoted = false;
        for (int place = 1; place < text.length(); place++) {
            char character = text.charAt(place);
            if (character == '\\') {
                place++;
            } else if (character == '"') {
                quoted = !quoted;
            } else if (!quoted && (character == ',' || character == '}')) {
                found = count == found.length ? Arrays.copyOf(found, 2 * count) : found;
                found[count++] = place + 1;
            }
        }
        this.begins = found;
        this.size = text.equals("{}") ? 0 : count - 1;
    }

    int size() {
        return size;
    }

    /** The element's text; null for NULL. */
    @Nullable
    String get(int element) {
        return ArrayLiteral.elements("{" + text.substring(begins[element], end(element)) + "}")
                .get(0);
    }

    private int end(int element) {
        return begins[element + 1] - 1;
    }

    /** The elements from (inclusive) to (exclusive), as an array. */
    String slice(int from, int to) {
        if (from == 0 && to == size) {
            return text;
        }
        return from == to ? "{}" : "{" + text.substring(begins[from], end(to - 1)) + "}";
    }

    /** Whether the element is written as the one before it. */
    boolean repeats(int element) {
        int length = end(element) - begins[element];
        return end(element - 1) - begins[element - 1] == length
                && text.regionMatches(begins[element - 1], text, begins[element], length);
    }

    /** Whether an element is NULL, or its text longer than so many characters. */
    boolean anyNullOrLonger(int most) {
        if (text.length() > most || text.contains("NULL")) {
            for (int element = 0; element < size; element++) {
                int length = end(element) - begins[element];
                // With its quotes and escapes it is no shorter than it is without.
                if (length > most || length == 4 && text.startsWith("NULL", begins[element])) {
                    String value = get(element);
                    if (value == null || value.length() > most) {
                        return true;
                    }
                }
            }
        }
        return false;
    }
}
