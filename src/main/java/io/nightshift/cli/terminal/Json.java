package io.nightshift.cli.terminal;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/** Documents for programs to read: their keys are API, and each begins with the number of its format. */
public final class Json {

    private static final ObjectMapper MAPPER = JsonMapper.builder().build();

    private Json() {}

    /** A document with these keys and values in turn; an empty Optional is written as null. */
    public static Map<String, Object> document(Object... keysAndValues) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("format", 1);
        document.putAll(object(keysAndValues));
        return document;
    }

    /** An object inside a document. */
    public static Map<String, Object> object(Object... keysAndValues) {
        Map<String, Object> object = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            object.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return object;
    }

    /** Several objects. */
    public static <T> List<Map<String, Object>> list(
            List<T> values, java.util.function.Function<T, Map<String, Object>> as) {
        return values.stream().map(as).toList();
    }

    /** Text that is JSON already. */
    public static JsonNode parsed(String text) {
        return MAPPER.readTree(text);
    }

    /** Seconds to the millisecond. */
    public static double seconds(double seconds) {
        return Math.round(seconds * 1000) / 1000.0;
    }

    /** The bytes as text, where they are some. */
    public static Optional<String> text(Optional<byte[]> bytes) {
        return bytes.map(some -> new String(some, java.nio.charset.StandardCharsets.UTF_8));
    }

    /** One line. */
    public static String write(Object document) {
        return MAPPER.writeValueAsString(document);
    }
}
