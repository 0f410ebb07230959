package io.nightshift.step.load.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.SharedData;
import io.nightshift.step.load.record.JsonValue.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

class JsonTortureTest {

    @TempDir
    private Path temporary;

    private final Path folder = SharedData.set("json_torture");

    private record Case(String name, String expected, byte[] bytes) {

        static Case of(Record record) {
            Map<String, JsonValue> values = Reading.members(record).values();
            byte[] bytes = values.get("base64").kind() == Kind.NULL
                    ? repeated(
                            values.get("repeat").raw(),
                            Integer.parseInt(values.get("bytes").raw()))
                    : Base64.getDecoder().decode(values.get("base64").text().value());
            return new Case(
                    values.get("name").text().value(),
                    values.get("expect").text().value(),
                    bytes);
        }

        private static byte[] repeated(String description, int length) {
            String unit = description.contains("[{") ? "[{\"\":" : "[";
            return unit.repeat(length / unit.length() + 1).substring(0, length).getBytes(StandardCharsets.UTF_8);
        }

        boolean isOneLine() {
            return new String(bytes, StandardCharsets.ISO_8859_1).indexOf('\n') < 0;
        }

        String text() {
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    @TestFactory
    Stream<DynamicTest> everyCaseAsAFieldBetweenTwoGoodLinesLeavesTheNeighboursAlone() throws IOException {
        return cases().filter(Case::isOneLine)
                .map(c -> DynamicTest.dynamicTest(c.name(), () -> {
                    List<Record> records = Reading.all(asMember(c), Reading.JSONL);
                    assertThat(records).hasSize(3);
                    assertThat(Reading.members(records.get(0))
                                    .values()
                                    .get("id")
                                    .raw())
                            .isEqualTo("1");
                    assertThat(Reading.members(records.get(2))
                                    .values()
                                    .get("id")
                                    .raw())
                            .isEqualTo("3");
                    assertThat(records.get(2).line()).isEqualTo(3);
                    check(c, records.get(1));
                }));
    }

    private static void check(Case c, Record record) {
        switch (c.expected()) {
            case "accept" ->
                assertThat(Reading.members(record).values().get("value").raw())
                        .isEqualTo(c.text().strip());
            case "reject" -> assertThat(Reading.isBroken(record)).isTrue();
            default -> assertThat(record.line()).isEqualTo(2);
        }
    }

    // None of these has a whole object on one line.
    @TestFactory
    Stream<DynamicTest> everyCaseOfSeveralLinesIsAFileInWhichEveryLineIsBroken() throws IOException {
        return cases().filter(c -> !c.isOneLine())
                .map(c -> DynamicTest.dynamicTest(c.name(), () -> {
                    List<Record> records = Reading.all(Reading.write(temporary, c.bytes()), Reading.JSONL);
                    assertThat(records).hasSize((int) c.text().lines().count()).allMatch(Reading::isBroken);
                }));
    }

    private Path asMember(Case c) throws IOException {
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        lines.writeBytes("{\"id\":1}\n{\"id\":2,\"value\":".getBytes(StandardCharsets.UTF_8));
        lines.writeBytes(c.bytes());
        lines.writeBytes("}\n{\"id\":3}\n".getBytes(StandardCharsets.UTF_8));
        return Reading.write(temporary, lines.toByteArray());
    }

    private Stream<Case> cases() throws IOException {
        return Reading.all(folder.resolve("cases.jsonl"), Reading.JSONL).stream()
                .map(Case::of);
    }
}
