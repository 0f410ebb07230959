package io.nightshift.step.load.record;

import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;

/** Writes a JSON array as the literal of a PostgreSQL array. */
public final class JsonArrayLiteral {

    private JsonArrayLiteral() {}

    /**
     * The literal of an array: nested arrays as further dimensions, strings as they read, numbers and booleans as they
     * are written, null as NULL, objects as their JSON text. Whether it fits the column is PostgreSQL's question.
     *
     * @param json a JSON array, as {@link JsonValue#raw} has it
     */
    public static StorableText of(String json) {
        StringBuilder literal = new StringBuilder(json.length() + 16);
        try (JsonParser parser = JsonLine.JSON.createParser(ObjectReadContext.empty(), json)) {
            if (parser.nextToken() != JsonToken.START_ARRAY) {
                throw new IllegalArgumentException("not a JSON array. This is a bug in Nightshift.");
            }
            literal.append('{');
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                append(literal, parser, token, json);
            }
        }
        return StorableText.of(literal.toString());
    }

    private static void append(StringBuilder literal, JsonParser parser, JsonToken token, String json) {
        if (token == JsonToken.END_ARRAY) {
            literal.append('}');
            return;
        }
        // Outside quotes a brace opens an array only, and quoted elements end with their quote.
        if (literal.charAt(literal.length() - 1) != '{') {
            literal.append(',');
        }
        switch (token) {
            case START_ARRAY -> literal.append('{');
            case START_OBJECT -> appendQuoted(literal, object(parser, json));
            case VALUE_STRING -> appendQuoted(literal, parser.getString());
            case VALUE_NULL -> literal.append("NULL");
            default -> literal.append(parser.getString());
        }
    }

    private static String object(JsonParser parser, String json) {
        int begin = (int) parser.currentTokenLocation().getCharOffset();
        parser.skipChildren();
        return json.substring(begin, (int) parser.currentLocation().getCharOffset());
    }

    private static void appendQuoted(StringBuilder literal, String text) {
        literal.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                literal.append('\\');
            }
            literal.append(c);
        }
        literal.append('"');
    }
}
