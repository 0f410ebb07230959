package io.nightshift.step.load.record;

import static io.nightshift.step.load.record.Reading.broken;
import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.step.load.record.Content.Broken;
import io.nightshift.step.load.record.JsonValue.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonLinesReaderTest {

    @TempDir
    private Path folder;

    @Test
    void everyValueKeepsItsSourceToTheLetter() throws IOException {
        Map<String, JsonValue> values = values(" {\"s\": \"a\\u0062\\n\" ,\"n\":-1.50E+2, \"t\":true,\"f\":false,"
                + "\"z\":null,\"o\":{ \"b\" : 1,\"b\":2 },\"a\":[ 1, [ ]], \"ü\":\"ü\"}\t");
        assertThat(values.keySet()).containsExactly("s", "n", "t", "f", "z", "o", "a", "ü");
        assertThat(values.get("s")).isEqualTo(JsonValue.string("\"a\\u0062\\n\"", "ab\n"));
        assertThat(values.get("n")).isEqualTo(JsonValue.source(Kind.NUMBER, "-1.50E+2"));
        assertThat(values.get("t")).isEqualTo(JsonValue.source(Kind.BOOLEAN, "true"));
        assertThat(values.get("f")).isEqualTo(JsonValue.source(Kind.BOOLEAN, "false"));
        assertThat(values.get("z")).isEqualTo(JsonValue.source(Kind.NULL, "null"));
        assertThat(values.get("o")).isEqualTo(JsonValue.source(Kind.OBJECT, "{ \"b\" : 1,\"b\":2 }"));
        assertThat(values.get("a")).isEqualTo(JsonValue.source(Kind.ARRAY, "[ 1, [ ]]"));
        assertThat(values.get("ü")).isEqualTo(JsonValue.string("\"ü\"", "ü"));
    }

    @Test
    void blankLinesAreNoRecordsAndALineMayEndWithCrLf() throws IOException {
        List<Record> records = read("\ufeff{\"a\":1}\r\n\n \t\r\n{\"a\":2}\r\n{\"a\":3}");
        assertThat(records).extracting(Record::number).containsExactly(1L, 2L, 3L);
        assertThat(records).extracting(Record::line).containsExactly(1L, 4L, 5L);
        assertThat(records.get(1).raw()).asString().isEqualTo("{\"a\":2}");
        assertThat(records.get(2).end()).isEqualTo(33);
    }

    @Test
    void whatIsNoWholeObjectIsBrokenAndSaysWhatJsonlIs() throws IOException {
        String oneEach = "JSONL has one whole object on each line";
        assertThat(fault("[")).isEqualTo(new Broken("is no JSON object: " + oneEach, "22032", 1, 0));
        assertThat(fault(" 1")).isEqualTo(new Broken("is no JSON object: " + oneEach, "22032", 1, 1));
        assertThat(fault("{\"a\":1")).isEqualTo(new Broken("ends inside its JSON object: " + oneEach, "22032", 1, 6));
        assertThat(fault("{\"a\":1}{}"))
                .isEqualTo(new Broken("goes on behind its JSON object: " + oneEach, "22032", 1, 7));
        assertThat(fault("{\"a\":1} x").sqlstate()).isEqualTo("22032");
        assertThat(fault("{\"a\":\"b").sqlstate()).isEqualTo("22032");
    }

    @Test
    void whatIsNotStrictJsonIsBrokenAtItsByte() throws IOException {
        Broken broken = fault(" {\"ü\":1,\"b\":01}");
        assertThat(broken.message()).startsWith("is not JSON: Invalid numeric value: Leading zeroes not allowed");
        assertThat(broken.byteOffset()).isEqualTo(14);
        for (String value : List.of("NaN", "tru", "'a'", "1.", "+1", "[1,]", "{a:1}", "/**/1", "\"\\x\"", "\"\t\"")) {
            assertThat(fault("{\"a\":" + value + "}").message()).startsWith("is not JSON: ");
        }
    }

    @Test
    void aMemberNamedTwiceIsBroken() throws IOException {
        assertThat(fault("{\"a\":1,\"\\u0061\":2}"))
                .isEqualTo(new Broken("names the member \"a\" twice", "22030", 1, 16));
    }

    @Test
    void textThatPostgresCannotStoreIsKeptAsSourceForAJsonColumn() throws IOException {
        Map<String, JsonValue> values =
                values("{\"nul\":\"\\u0000\",\"half\":\"x\\ud800\",\"pair\":\"\\ud83d\\ude00\"}");
        assertThat(values.get("nul").raw()).isEqualTo("\"\\u0000\"");
        assertThat(values.get("nul").text().fault())
                .isEqualTo("has the character \\u0000, which PostgreSQL cannot store in text");
        assertThat(values.get("half").raw()).isEqualTo("\"x\\ud800\"");
        assertThat(values.get("half").text().fault()).isEqualTo("has half a surrogate pair, \\ud800, which is no text");
        assertThat(values.get("pair").text()).isEqualTo(new StorableText("😀", ""));
    }

    @Test
    void badBytesBreakTheirLineOnly() throws IOException {
        byte[] bytes = "{\"a\":\"x\"}\n{\"a\":\"y\"}\n{\"a\":\"\0\"}\n{}".getBytes(StandardCharsets.UTF_8);
        bytes[16] = (byte) 0xe9;
        List<Record> records = Reading.all(Reading.write(folder, bytes), Reading.JSONL);
        assertThat(broken(records.get(1)))
                .isEqualTo(new Broken("has the byte 0xe9 at byte offset 16, which is not UTF-8 text", "22021", 2, 16));
        assertThat(broken(records.get(2)).byteOffset()).isEqualTo(26);
        assertThat(Reading.members(records.get(3)).values()).isEmpty();
    }

    @Test
    void deepNestingIsReadAndDeeperStillIsBroken() throws IOException {
        String deep = "[".repeat(200_000) + "]".repeat(200_000);
        assertThat(values("{\"a\":" + deep + "}").get("a").raw()).isEqualTo(deep);
        assertThat(fault("{\"a\":" + "[".repeat(1_000_000) + "]".repeat(1_000_000) + "}")
                        .message())
                .isEqualTo("is nested more than 250000 deep");
    }

    @Test
    void longNumbersAndStringsAreRead() throws IOException {
        String number = "9".repeat(2_000_000);
        assertThat(values("{\"n\":" + number + ",\"s\":\"" + number + "\"}")
                        .get("n")
                        .raw())
                .isEqualTo(number);
    }

    @Test
    void aLineThatIsTooLongIsOneReject() throws IOException {
        Path file = Reading.write(folder, "{\"a\":1}\n{\"a\":\"" + "x".repeat(20_000_000) + "\"}\n{\"a\":3}\n");
        List<Record> records = Reading.all(file, Reading.JSONL);
        assertThat(records).extracting(Reading::isBroken).containsExactly(false, true, false);
        assertThat(broken(records.get(1)).message())
                .isEqualTo("is 20000008 bytes long, more than the 16777216 of \"max-record\"");
    }

    private Broken fault(String line) throws IOException {
        return Reading.broken(read(line).get(0));
    }

    private Map<String, JsonValue> values(String line) throws IOException {
        return Reading.members(read(line).get(0)).values();
    }

    private List<Record> read(String text) throws IOException {
        return Reading.all(Reading.write(folder, text), Reading.JSONL);
    }
}
