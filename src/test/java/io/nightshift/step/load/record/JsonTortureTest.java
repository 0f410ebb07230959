package io.nightshift.step.load.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

class JsonTortureTest {

    @TempDir
    private Path temporary;

    @TestFactory
    Stream<DynamicTest> everyCaseAsAFieldBetweenTwoGoodLinesLeavesTheNeighboursAlone() {
        return JsonCase.all()
                .filter(JsonCase::isOneLine)
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

    private static void check(JsonCase c, Record record) {
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
    Stream<DynamicTest> everyCaseOfSeveralLinesIsAFileInWhichEveryLineIsBroken() {
        return JsonCase.all()
                .filter(c -> !c.isOneLine())
                .map(c -> DynamicTest.dynamicTest(c.name(), () -> {
                    List<Record> records = Reading.all(Reading.write(temporary, c.bytes()), Reading.JSONL);
                    assertThat(records).hasSize((int) c.text().lines().count()).allMatch(Reading::isBroken);
                }));
    }

    private Path asMember(JsonCase c) throws IOException {
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        lines.writeBytes("{\"id\":1}\n{\"id\":2,\"value\":".getBytes(StandardCharsets.UTF_8));
        lines.writeBytes(c.bytes());
        lines.writeBytes("}\n{\"id\":3}\n".getBytes(StandardCharsets.UTF_8));
        return Reading.write(temporary, lines.toByteArray());
    }
}
