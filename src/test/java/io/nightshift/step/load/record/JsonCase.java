package io.nightshift.step.load.record;

import io.nightshift.SharedData;
import io.nightshift.step.load.record.JsonValue.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A case of {@code json_torture}.
 *
 * @param expected {@code accept}, {@code reject}, or a word for those that parsers may disagree on
 * @param bytes    without white space behind its end
 */
public record JsonCase(String name, String expected, byte[] bytes) {

    /** All of them; where the set is missing, the test is skipped. */
    public static Stream<JsonCase> all() {
        try {
            return Reading.all(SharedData.set("json_torture").resolve("cases.jsonl"), Reading.JSONL).stream()
                    .map(JsonCase::of);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonCase of(Record record) {
        Map<String, JsonValue> values = Reading.members(record).values();
        byte[] bytes = values.get("base64").kind() == Kind.NULL
                ? repeated(
                        values.get("repeat").raw(),
                        Integer.parseInt(values.get("bytes").raw()))
                : Base64.getDecoder().decode(values.get("base64").text().value());
        return new JsonCase(
                values.get("name").text().value(), values.get("expect").text().value(), withoutLastLineEnd(bytes));
    }

    private static byte[] repeated(String description, int length) {
        String unit = description.contains("[{") ? "[{\"\":" : "[";
        return unit.repeat(length / unit.length() + 1).substring(0, length).getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] withoutLastLineEnd(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        return text.endsWith("\n") ? text.substring(0, text.length() - 1).getBytes(StandardCharsets.ISO_8859_1) : bytes;
    }

    public boolean accepted() {
        return expected.equals("accept");
    }

    public boolean rejected() {
        return expected.equals("reject");
    }

    public boolean isOneLine() {
        return new String(bytes, StandardCharsets.ISO_8859_1).indexOf('\n') < 0;
    }

    public String text() {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
