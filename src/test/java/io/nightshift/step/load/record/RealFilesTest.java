package io.nightshift.step.load.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.SharedData;
import io.nightshift.job.Dialect;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RealFilesTest {

    @Test
    void everyRowOfTheRedditFilesIsRead() throws IOException {
        Path folder = SharedData.set("reddit_top").resolve("csv");
        long rows = 0;
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) {
                rows += goodRecords(file, Reading.CSV_WITH_HEADER, 21);
            }
        }
        assertThat(rows).isEqualTo(185_437);
        assertThat(goodRecords(folder.resolve("hardware.csv.gz"), Reading.CSV_WITH_HEADER, 21))
                .isEqualTo(1000);
    }

    @Test
    void everyRowOfTheStackExchangeDumpIsRead() throws IOException {
        Path folder = SharedData.set("stackexchange_quantum");
        Map<String, Integer> rows = Map.of(
                "users",
                3461,
                "posts",
                1986,
                "comments",
                3413,
                "votes",
                12_560,
                "badges",
                4671,
                "postlinks",
                327,
                "tags",
                154,
                "post_tags",
                1553);
        for (String table : rows.keySet()) {
            Path csv = folder.resolve(table + ".csv.gz");
            assertThat(goodRecords(csv, Reading.CSV_WITH_HEADER, 0)).isEqualTo((long) rows.get(table));
        }
        for (String table : List.of("users", "posts", "comments")) {
            Path jsonl = folder.resolve(table + ".jsonl.gz");
            assertThat(goodRecords(jsonl, Reading.JSONL, 0)).isEqualTo((long) rows.get(table));
        }
    }

    private static long goodRecords(Path file, Dialect dialect, int fields) throws IOException {
        try (RecordReader reader = RecordReaders.open(file, dialect, Position.START)) {
            assertThat(reader.header().size()).isGreaterThanOrEqualTo(fields);
            long rows = 0;
            for (Record record = reader.next(); record != null; record = reader.next()) {
                assertThat(Reading.isBroken(record))
                        .as("%s:%d", file, record.line())
                        .isFalse();
                rows++;
            }
            return rows;
        }
    }
}
