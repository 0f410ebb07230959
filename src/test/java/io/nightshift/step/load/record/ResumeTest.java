package io.nightshift.step.load.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nightshift.job.Dialect;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResumeTest {

    private static final String[] PIECES = {
        "a",
        "ü",
        ",",
        ",",
        "\"",
        "\"x\ny\"",
        "\"\"",
        "\n",
        "\r\n",
        "\r",
        "😀",
        "{\"a\":1}\n",
        "{\"b\":[\"x\"]}\r\n",
        "\n\n"
    };

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void readingOnBehindAnyRecordGivesTheSameRest(int seed) throws IOException {
        byte[] bytes = randomText(new Random(seed));
        for (Dialect dialect :
                List.of(Reading.CSV, Reading.JSONL, Reading.csv(20), Reading.csv(StandardCharsets.ISO_8859_1))) {
            readsOnTheSame(Reading.write(folder, bytes), dialect);
            readsOnTheSame(Reading.writeGzip(folder, bytes), dialect);
        }
        byte[] wide = new String(bytes, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_16);
        readsOnTheSame(Reading.write(folder, wide), Reading.csv(StandardCharsets.UTF_16));
        readsOnTheSame(Reading.write(folder, wide), Reading.jsonl(StandardCharsets.UTF_16));
    }

    @Test
    void aHeaderIsKnownWhereverReadingBegins() throws IOException {
        Path file = Reading.write(folder, "\ufeffid,name\n1,Ann\n2\n3,Eve\n");
        readsOnTheSame(file, Reading.CSV_WITH_HEADER);
        try (RecordReader reader = RecordReaders.open(file, Reading.CSV_WITH_HEADER, new Position(2, 20, 4))) {
            assertThat(reader.header()).containsExactly("id", "name");
        }
    }

    @Test
    void everyByteBelongsToOneRecord() throws IOException {
        List<Record> records = Reading.all(Reading.write(folder, randomText(new Random(42))), Reading.CSV);
        for (int i = 1; i < records.size(); i++) {
            assertThat(records.get(i).start()).isEqualTo(records.get(i - 1).behind());
        }
    }

    @Test
    void aFileThatHasBecomeShorterIsNoticed() throws IOException {
        Path plain = Reading.write(folder, "a\nb\n");
        assertThatThrownBy(() -> RecordReaders.open(plain, Reading.CSV, new Position(9, 99, 10)))
                .isInstanceOf(EOFException.class)
                .hasMessage(plain + " ends before byte 99, from which reading was to go on");
        Path packed = Reading.writeGzip(folder, "a\nb\n".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> RecordReaders.open(packed, Reading.CSV, new Position(9, 99, 10)))
                .isInstanceOf(EOFException.class);
    }

    private static void readsOnTheSame(Path file, Dialect dialect) throws IOException {
        List<Record> all = Reading.all(file, dialect);
        List<List<Object>> told = told(all);
        for (int i = 0; i < all.size(); i++) {
            List<Record> rest = Reading.from(file, dialect, all.get(i).behind());
            assertThat(told(rest)).isEqualTo(told.subList(i + 1, told.size()));
        }
    }

    private static List<List<Object>> told(List<Record> records) {
        return records.stream()
                .map(record -> List.<Object>of(
                        record.start(),
                        record.behind(),
                        ByteBuffer.wrap(record.raw()),
                        record.rawLength(),
                        record.content()))
                .toList();
    }

    private static byte[] randomText(Random random) {
        StringBuilder text = new StringBuilder("a,b\n");
        IntStream.range(0, 200).forEach(i -> text.append(PIECES[random.nextInt(PIECES.length)]));
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        bytes[50 + random.nextInt(50)] = (byte) random.nextInt(256);
        return bytes;
    }
}
