package io.nightshift.step.load.record;

import io.nightshift.step.load.record.Content.Broken;
import io.nightshift.step.load.record.Content.Members;
import io.nightshift.step.load.record.JsonValue.Kind;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.core.json.JsonFactory;

/** Reads one JSON object out of the bytes of a line, keeping the source of every value to the letter. */
final class JsonLine {

    private static final String INVALID_JSON = "22032";
    private static final String DUPLICATE_NAME = "22030";
    private static final String TOO_MANY = "54000";
    private static final String ONE_EACH = "JSONL has one whole object on each line";
    // Wider than any table, deeper than the server's own parser goes: without an end one line could fill the heap.
    private static final int MOST_MEMBERS = 65_536;
    private static final int DEEPEST = 250_000;

    /** Strict, as a reader of JSON is, and with no limit but the record's own length and depth. */
    static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEEPEST)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .build())
            .disable(TokenStreamFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
            .build();

    private final Position start;
    private final byte[] bytes;
    private final int from;

    private JsonLine(Position start, byte[] bytes, int from) {
        this.start = start;
        this.bytes = bytes;
        this.from = from;
    }

    /** Whether a line says nothing at all. */
    static boolean isBlank(byte[] bytes, int from, int length) {
        return firstOf(bytes, from, length) == from + length;
    }

    // JSON's own white space; a line never has an LF.
    private static int firstOf(byte[] bytes, int from, int length) {
        int i = from;
        while (i < from + length && (bytes[i] == ' ' || bytes[i] == '\t' || bytes[i] == '\r')) {
            i++;
        }
        return i;
    }

    static Content read(Position start, byte[] bytes, int from, int length) {
        int first = firstOf(bytes, from, length);
        if (bytes[first] != '{') {
            return broken(start, "is no JSON object: " + ONE_EACH, INVALID_JSON, first - from);
        }
        JsonLine line = new JsonLine(start, bytes, from);
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), bytes, first, from + length - first)) {
            parser.nextToken();
            return line.members(parser, first - parser.currentTokenLocation().getByteOffset());
        } catch (JacksonException e) {
            return line.notJson(e, first);
        }
    }

    private Content members(JsonParser parser, long base) {
        Map<String, JsonValue> members = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            JsonToken token = parser.nextToken();
            int begin = (int) (base + parser.currentTokenLocation().getByteOffset());
            if (members.put(name, value(parser, token, begin, base)) != null) {
                return broken(start, "names the member \"%s\" twice".formatted(name), DUPLICATE_NAME, begin - from);
            }
            if (members.size() > MOST_MEMBERS) {
                return broken(start, "has more than %d members".formatted(MOST_MEMBERS), TOO_MANY, begin - from);
            }
        }
        int end = (int) (base + parser.currentLocation().getByteOffset());
        if (parser.nextToken() != null) {
            return broken(start, "goes on behind its JSON object: " + ONE_EACH, INVALID_JSON, end - from);
        }
        return new Members(Collections.unmodifiableMap(members));
    }

    private JsonValue value(JsonParser parser, JsonToken token, int begin, long base) {
        if (token == JsonToken.VALUE_STRING) {
            String text = parser.getString();
            return JsonValue.string(source(parser, begin, base), text);
        }
        parser.skipChildren();
        return JsonValue.source(kind(token), source(parser, begin, base));
    }

    private String source(JsonParser parser, int begin, long base) {
        int end = (int) (base + parser.currentLocation().getByteOffset());
        return new String(bytes, begin, end - begin, StandardCharsets.UTF_8);
    }

    private static Kind kind(JsonToken token) {
        return switch (token) {
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> Kind.NUMBER;
            case VALUE_TRUE, VALUE_FALSE -> Kind.BOOLEAN;
            case VALUE_NULL -> Kind.NULL;
            case START_OBJECT -> Kind.OBJECT;
            case START_ARRAY -> Kind.ARRAY;
            default ->
                throw new IllegalStateException("JSON value begins with " + token + ". This is a bug in Nightshift.");
        };
    }

    private Broken notJson(JacksonException e, int first) {
        if (e instanceof StreamConstraintsException) {
            return broken(start, "is nested more than %d deep".formatted(DEEPEST), TOO_MANY, 0);
        }
        int index = first - from + Math.max(e.getLocation().getColumnNr() - 1, 0);
        if (e instanceof UnexpectedEndOfInputException) {
            return broken(start, "ends inside its JSON object: " + ONE_EACH, INVALID_JSON, index);
        }
        return broken(start, "is not JSON: " + e.getOriginalMessage(), INVALID_JSON, index);
    }

    private static Broken broken(Position start, String message, String sqlstate, long index) {
        return new Broken(message, sqlstate, start.line(), start.offset() + index);
    }
}
