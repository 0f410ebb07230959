package io.nightshift.step.load.record;

import static io.nightshift.step.load.record.Reading.broken;
import static io.nightshift.step.load.record.Reading.fields;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nightshift.problem.ProblemException;
import io.nightshift.step.load.record.Content.Broken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvReaderTest {

    @TempDir
    private Path folder;

    @Test
    void anEmptyFieldIsNullAndAQuotedOneIsEmptyText() throws IOException {
        assertThat(rows("a,,\"\"\n")).containsExactly(row("a", null, ""));
    }

    @Test
    void theNullTextMeansNullOnlyWithoutQuotes() throws IOException {
        Path file = Reading.write(folder, "NULL,\"NULL\",,xNULL\n");
        assertThat(fields(Reading.all(file, Reading.csv(',', '"', "NULL")).get(0)))
                .containsExactly(null, "NULL", "", "xNULL");
    }

    @Test
    void quotesKeepDelimitersLineEndsAndDoubledQuotes() throws IOException {
        assertThat(rows("\"a,b\",\"c\nd\r\ne\",\"f \"\"g\"\"\"\n")).containsExactly(row("a,b", "c\nd\r\ne", "f \"g\""));
    }

    @Test
    void quotesOpenAndCloseAnywhereInAField() throws IOException {
        assertThat(rows("a\"b,c\"d,\"e\"f,\"g\"\"h\"i\"\"\n")).containsExactly(row("ab,cd", "ef", "g\"hi"));
    }

    @Test
    void aBackslashAndADotOnALineAreText() throws IOException {
        assertThat(rows("a\n\\.\n\"\n\\.\n\"\nb")).containsExactly(row("a"), row("\\."), row("\n\\.\n"), row("b"));
    }

    @Test
    void everyKindOfLineEndEndsARecord() throws IOException {
        assertThat(rows("a\nb\r\nc\rd")).containsExactly(row("a"), row("b"), row("c"), row("d"));
    }

    @Test
    void withoutAQuoteCharacterQuotesAreText() throws IOException {
        Path file = Reading.write(folder, "\"a|b\"\n\"c|d\n");
        assertThat(Reading.all(file, Reading.csv('|', '\0', "")).stream().map(Reading::fields))
                .containsExactly(row("\"a", "b\""), row("\"c", "d"));
    }

    @Test
    void theHeaderNamesTheFieldsAndIsNotCounted() throws IOException {
        Path file = Reading.write(folder, "\ufeffid,\"full\nname\",\n1,Ann,x\n");
        try (RecordReader reader = RecordReaders.open(file, Reading.CSV_WITH_HEADER, Position.START)) {
            assertThat(reader.header()).containsExactly("id", "full\nname", "");
            Record record = reader.next();
            assertThat(record.number()).isEqualTo(1);
            assertThat(record.line()).isEqualTo(3);
            assertThat(fields(record)).containsExactly("1", "Ann", "x");
            assertThat(reader.next()).isNull();
        }
    }

    @Test
    void anEmptyFileHasNoHeaderAndNoRecords() throws IOException {
        try (RecordReader reader =
                RecordReaders.open(Reading.write(folder, ""), Reading.CSV_WITH_HEADER, Position.START)) {
            assertThat(reader.header()).isEmpty();
            assertThat(reader.next()).isNull();
        }
    }

    @Test
    void aHeaderThatCannotBeReadIsAProblem() throws IOException {
        Path file = Reading.write(folder, "id,\"name\n1,Ann\n");
        assertThatThrownBy(() -> RecordReaders.open(file, Reading.CSV_WITH_HEADER, Position.START))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining(file + ":1: the header opens a quote on line 1 that nothing closes");
    }

    @Test
    void everyRecordKnowsItsPlaceAndItsBytes() throws IOException {
        List<Record> records = Reading.all(Reading.write(folder, "a,\"b\nc\"\r\nü,e\n"), Reading.CSV);
        assertThat(records.get(0).start()).isEqualTo(new Position(0, 0, 1));
        assertThat(records.get(0).behind()).isEqualTo(new Position(1, 9, 3));
        assertThat(records.get(0).raw()).asString().isEqualTo("a,\"b\nc\"");
        assertThat(records.get(0).rawLength()).isEqualTo(7);
        assertThat(records.get(1).behind()).isEqualTo(new Position(2, 14, 4));
        assertThat(new String(records.get(1).raw(), StandardCharsets.UTF_8)).isEqualTo("ü,e");
    }

    @Test
    void aLoneReturnInQuotesEndsALineOnlyWhereLinesEndSo() throws IOException {
        assertThat(Reading.all(Reading.write(folder, "a\n\"b\rc\"\nd\n"), Reading.CSV)
                        .get(2)
                        .line())
                .isEqualTo(3);
        assertThat(Reading.all(Reading.write(folder, "a\r\"b\rc\"\rd\r"), Reading.CSV)
                        .get(2)
                        .line())
                .isEqualTo(4);
    }

    @Test
    void aRaggedRecordIsBrokenAndItsNeighboursAreNot() throws IOException {
        List<Record> records = Reading.all(Reading.write(folder, "a,b\nc\n\nd,e,f\ng,h\n"), Reading.CSV);
        assertThat(records).extracting(Reading::isBroken).containsExactly(false, true, true, true, false);
        assertThat(broken(records.get(1))).isEqualTo(new Broken("has 1 field, expected 2", "22P04", 2, 4));
        assertThat(broken(records.get(2)).message()).isEqualTo("has 1 field, expected 2");
        assertThat(broken(records.get(3))).isEqualTo(new Broken("has 3 fields, expected 2", "22P04", 4, 7));
    }

    @Test
    void theExpectedNumberOfFieldsCanBeSaid() throws IOException {
        Path file = Reading.write(folder, "a\nb,c\n");
        assertThat(Reading.from(file, Reading.CSV, Position.START, OptionalInt.of(2)))
                .extracting(Reading::isBroken)
                .containsExactly(true, false);
    }

    @Test
    void anEmptyLineIsANullWhereRecordsHaveOneField() throws IOException {
        assertThat(rows("a\n\nb\n")).containsExactly(row("a"), row((String) null), row("b"));
    }

    @Test
    void aNulByteBreaksItsRecordOnly() throws IOException {
        List<Record> records = Reading.all(Reading.write(folder, "a\n\"b\nc\0\"\nd\n"), Reading.CSV);
        assertThat(broken(records.get(1)))
                .isEqualTo(new Broken(
                        "has a NUL byte at byte offset 6, which PostgreSQL cannot store in text", "22021", 3, 6));
        assertThat(fields(records.get(2))).containsExactly("d");
    }

    @Test
    void brokenUtf8IsNamedByItsFirstBadByte() throws IOException {
        byte[] bytes = "ü\nüb?\nc\n".getBytes(StandardCharsets.UTF_8);
        bytes[6] = (byte) 0xff;
        List<Record> records = Reading.all(Reading.write(folder, bytes), Reading.CSV);
        assertThat(broken(records.get(1)))
                .isEqualTo(new Broken("has the byte 0xff at byte offset 6, which is not UTF-8 text", "22021", 2, 6));
        assertThat(fields(records.get(2))).containsExactly("c");
    }

    @Test
    void anUnterminatedQuoteIsOneRejectThatNamesTheLineOfTheQuote() throws IOException {
        List<Record> records = Reading.all(Reading.write(folder, "a\nb\"\"\n\"c\n\"\"d\n"), Reading.CSV);
        assertThat(records).hasSize(3);
        assertThat(broken(records.get(2)))
                .isEqualTo(new Broken(
                        "opens a quote on line 3 that nothing closes up to the end of the file", "22P04", 3, 6));
    }

    @Test
    void aRecordThatIsTooLongIsOneRejectAndReadingGoesOnBehindIt() throws IOException {
        String text = "a,b\n\"" + "x\n".repeat(1_000_000) + "\",c\nd,e\n";
        List<Record> records = Reading.all(Reading.write(folder, text), Reading.csv(300_000));
        assertThat(records).hasSize(3);
        assertThat(broken(records.get(1)))
                .isEqualTo(new Broken("is 2000004 bytes long, more than the 300000 of \"max-record\"", "54000", 2, 4));
        assertThat(records.get(1).rawLength()).isEqualTo(2_000_004);
        assertThat(records.get(1).raw()).hasSize(RawBytes.LIMIT);
        assertThat(fields(records.get(2))).containsExactly("d", "e");
        assertThat(records.get(2).line()).isEqualTo(1_000_003);
    }

    @Test
    void aRecordOfExactlyTheLongestLengthIsRead() throws IOException {
        for (int length : new int[] {100, 262_142, 262_143, 262_144, 262_145, 600_000}) {
            String text = "x".repeat(length) + "\r\n" + "y".repeat(length + 1) + "\r\nz\r\n";
            List<Record> records = Reading.all(Reading.write(folder, text), Reading.csv(length));
            assertThat(records).extracting(Reading::isBroken).containsExactly(false, true, false);
            assertThat(fields(records.get(0)).get(0)).hasSize(length);
        }
    }

    @Test
    void recordsAreTheSameWhereverTheWindowEnds() throws IOException {
        String line = "\"a\"\"\r\nü\",b,\"\"\r\n";
        for (int padding = 262_120; padding < 262_150; padding++) {
            String text = "x".repeat(padding) + ",y,z\r\n" + line + line;
            List<Record> records = Reading.all(Reading.write(folder, text), Reading.CSV);
            assertThat(records).hasSize(3);
            assertThat(fields(records.get(1))).containsExactly("a\"\r\nü", "b", "");
            assertThat(fields(records.get(2))).containsExactly("a\"\r\nü", "b", "");
        }
    }

    @Test
    void aFileThatBeginsAsUtf16SaysSo() throws IOException {
        byte[] bytes = "\ufeffa\n".getBytes(StandardCharsets.UTF_16LE);
        assertThat(broken(Reading.all(Reading.write(folder, bytes), Reading.CSV).get(0))
                        .message())
                .isEqualTo("has the byte 0xff at byte offset 0, which is not UTF-8 text;"
                        + " the file begins as UTF-16 does: \"encoding: UTF-16\" would read it");
    }

    private List<List<@Nullable String>> rows(String text) throws IOException {
        return Reading.all(Reading.write(folder, text), Reading.CSV).stream()
                .map(Reading::fields)
                .toList();
    }

    private static List<@Nullable String> row(@Nullable String... fields) {
        return Arrays.asList(fields);
    }
}
