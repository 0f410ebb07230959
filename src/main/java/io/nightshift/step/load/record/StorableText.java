package io.nightshift.step.load.record;

/**
 * Text on its way into a text column, or the reason why none can hold it: JSON can write characters that PostgreSQL's
 * text cannot store.
 *
 * @param value the text; empty when it cannot be stored
 * @param fault why it cannot be stored; empty when it can
 */
public record StorableText(String value, String fault) {

    /** The code that PostgreSQL gives to text it cannot store. */
    public static final String SQLSTATE = "22021";

    /** Whether {@link #value} may be used. */
    public boolean storable() {
        return fault.isEmpty();
    }

    static StorableText of(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0) {
                return new StorableText("", "has the character \\u0000, which PostgreSQL cannot store in text");
            }
            if (Character.isSurrogate(c)) {
                if (!isPair(text, i)) {
                    return new StorableText(
                            "", "has half a surrogate pair, \\u%04x, which is no text".formatted((int) c));
                }
                i++;
            }
        }
        return new StorableText(text, "");
    }

    private static boolean isPair(String text, int i) {
        return i + 1 < text.length() && Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1));
    }
}
