package io.nightshift.step.load.record;

import static io.nightshift.step.load.record.Reading.broken;
import static io.nightshift.step.load.record.Reading.fields;
import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.job.Dialect;
import io.nightshift.step.load.record.Content.Broken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EncodingTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UTF-8",
                "UTF-16",
                "UTF-16LE",
                "UTF-16BE",
                "UTF-32",
                "ISO-8859-1",
                "ISO-8859-15",
                "windows-1252",
                "IBM037",
                "GBK",
                "GB18030"
            })
    void csvAndJsonReadTheSameInEveryEncoding(String name) throws IOException {
        Charset charset = Charset.forName(name);
        String csv = "é,\"a\nè\"\r\n".repeat(20_000);
        List<Record> records = Reading.all(Reading.write(folder, csv.getBytes(charset)), Reading.csv(charset));
        assertThat(records).hasSize(20_000).allSatisfy(record -> assertThat(fields(record))
                .containsExactly("é", "a\nè"));
        String json = "{\"é\":\"è\"}\n".repeat(20_000);
        assertThat(Reading.all(Reading.write(folder, json.getBytes(charset)), Reading.jsonl(charset)))
                .hasSize(20_000)
                .allSatisfy(record -> assertThat(
                                Reading.members(record).values().get("é").raw())
                        .isEqualTo("\"è\""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Shift_JIS", "EUC-JP", "UTF-16LE"})
    void charactersWhoseBytesLookLikeDelimitersDoNotSplit(String name) throws IOException {
        Charset charset = Charset.forName(name);
        // In Shift_JIS the second bytes of these are a backslash and a vertical bar, in UTF-16 a comma and a quote.
        String text = name.startsWith("UTF") ? "Ĭ,Ģ\n" : "ソ,ポ\n";
        Path file = Reading.write(folder, text.getBytes(charset));
        assertThat(fields(Reading.all(file, Reading.csv(charset)).get(0)))
                .containsExactly(text.substring(0, 1), text.substring(2, 3));
    }

    @Test
    void aByteOrderMarkInAnyOfUtf16IsNoText() throws IOException {
        byte[] little = "\ufeffa,b\n".getBytes(StandardCharsets.UTF_16LE);
        byte[] big = "\ufeffa,b\n".getBytes(StandardCharsets.UTF_16BE);
        assertThat(firstField(little, StandardCharsets.UTF_16LE)).isEqualTo("a");
        assertThat(firstField(little, StandardCharsets.UTF_16)).isEqualTo("a");
        assertThat(firstField(big, StandardCharsets.UTF_16BE)).isEqualTo("a");
        assertThat(firstField(big, StandardCharsets.UTF_16)).isEqualTo("a");
    }

    @Test
    void withoutAHeaderAUtf8MarkIsTextAsCopyReadsIt() throws IOException {
        byte[] bytes = "\ufeffa,b\n".getBytes(StandardCharsets.UTF_8);
        assertThat(firstField(bytes, StandardCharsets.UTF_8)).isEqualTo("\ufeffa");
    }

    @Test
    void aByteThatTheEncodingLeavesOpenBreaksItsRecord() throws IOException {
        Dialect dialect = Reading.csv(Charset.forName("windows-1252"));
        List<Record> records =
                Reading.all(Reading.write(folder, new byte[] {'a', '\n', 'b', (byte) 0x81, '\n'}), dialect);
        assertThat(broken(records.get(1)))
                .isEqualTo(new Broken(
                        "has the byte 0x81 at byte offset 3, which is not windows-1252 text", "22021", 2, 3));
    }

    @Test
    void malformedBytesOfAConvertedFileBreakTheirRecordsAndAreNamedByTheFilesOwnOffset() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes("ソ\n".repeat(30_000).getBytes(Charset.forName("Shift_JIS")));
        bytes.write(new byte[] {'a', (byte) 0x81, '\n', 'b', '\n', (byte) 0xff, '\n', 'c'});
        Dialect dialect = Reading.csv(Charset.forName("Shift_JIS"));
        List<Record> records = Reading.all(Reading.write(folder, bytes.toByteArray()), dialect);
        assertThat(records).hasSize(30_004);
        assertThat(broken(records.get(30_000)))
                .isEqualTo(new Broken(
                        "has bytes at byte offset 90001 that are not Shift_JIS text", "22021", 30_001, 90_001));
        assertThat(fields(records.get(30_001))).containsExactly("b");
        assertThat(broken(records.get(30_002)).byteOffset()).isEqualTo(90_005);
        assertThat(fields(records.get(30_003))).containsExactly("c");
    }

    @Test
    void halfACharacterAtTheEndIsNotLost() throws IOException {
        Path file = Reading.write(folder, new byte[] {'a', 0, '\n', 0, 'b'});
        List<Record> records = Reading.all(file, Reading.csv(StandardCharsets.UTF_16LE));
        assertThat(records).extracting(Reading::isBroken).containsExactly(false, true);
    }

    private String firstField(byte[] bytes, Charset charset) throws IOException {
        return fields(Reading.all(Reading.write(folder, bytes), Reading.csv(charset))
                        .get(0))
                .get(0);
    }
}
