package io.nightshift.step.load.record;

/**
 * The value of a member of a JSON object.
 *
 * @param kind what it is
 * @param raw  its source, to the letter: what a json column gets
 * @param text of a string, what it says; of anything else, its source: what a column that is not json gets
 */
public record JsonValue(Kind kind, String raw, StorableText text) {

    /** The kinds of value that JSON knows. */
    public enum Kind {
        STRING,
        NUMBER,
        BOOLEAN,
        NULL,
        OBJECT,
        ARRAY
    }

    static JsonValue string(String raw, String decoded) {
        return new JsonValue(Kind.STRING, raw, StorableText.of(decoded));
    }

    static JsonValue source(Kind kind, String raw) {
        return new JsonValue(kind, raw, new StorableText(raw, ""));
    }
}
