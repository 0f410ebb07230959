package io.nightshift.step.load.record;

import io.nightshift.job.Dialect;
import io.nightshift.job.Dialect.Format;
import io.nightshift.step.load.record.Content.Broken;
import io.nightshift.step.load.record.Content.Fields;
import io.nightshift.step.load.record.Content.Members;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** What the tests of readers share: dialects, and files read to their end. */
final class Reading {

    static final Dialect CSV = csv(StandardCharsets.UTF_8);
    static final Dialect CSV_WITH_HEADER =
            new Dialect(Format.CSV, true, ',', '"', "", StandardCharsets.UTF_8, ZoneId.of("UTC"), 16 << 20);
    static final Dialect JSONL = jsonl(StandardCharsets.UTF_8);

    private Reading() {}

    static Dialect csv(Charset encoding) {
        return new Dialect(Format.CSV, false, ',', '"', "", encoding, ZoneId.of("UTC"), 16 << 20);
    }

    static Dialect csv(char delimiter, char quote, String nullText) {
        return new Dialect(
                Format.CSV, false, delimiter, quote, nullText, StandardCharsets.UTF_8, ZoneId.of("UTC"), 16 << 20);
    }

    static Dialect csv(int maxRecordBytes) {
        return new Dialect(Format.CSV, false, ',', '"', "", StandardCharsets.UTF_8, ZoneId.of("UTC"), maxRecordBytes);
    }

    static Dialect jsonl(Charset encoding) {
        return new Dialect(Format.JSONL, false, ',', '"', "", encoding, ZoneId.of("UTC"), 16 << 20);
    }

    static List<Record> all(Path file, Dialect dialect) throws IOException {
        return from(file, dialect, Position.START);
    }

    static List<Record> from(Path file, Dialect dialect, Position position) throws IOException {
        return from(file, dialect, position, OptionalInt.empty());
    }

    static List<Record> from(Path file, Dialect dialect, Position position, OptionalInt fields) throws IOException {
        List<Record> records = new ArrayList<>();
        try (RecordReader reader = RecordReaders.open(file, dialect, position, fields)) {
            for (Record record = reader.next(); record != null; record = reader.next()) {
                records.add(record);
            }
        }
        return records;
    }

    static List<@Nullable String> fields(Record record) {
        return ((Fields) record.content()).values();
    }

    static Members members(Record record) {
        return (Members) record.content();
    }

    static Broken broken(Record record) {
        return (Broken) record.content();
    }

    static boolean isBroken(Record record) {
        return record.content() instanceof Broken;
    }

    static Path write(Path folder, byte[] bytes) throws IOException {
        return Files.write(Files.createTempFile(folder, "records", ".txt"), bytes);
    }

    static Path write(Path folder, String text) throws IOException {
        return write(folder, text.getBytes(StandardCharsets.UTF_8));
    }

    static Path writeGzip(Path folder, byte[] bytes) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(bytes);
        }
        return write(folder, packed.toByteArray());
    }
}
