package io.nightshift.step.load.record;

import io.nightshift.SharedData;
import io.nightshift.job.Dialect;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What PostgreSQL's COPY makes of a file of {@code csv_torture}, read with as many text columns as its first record has
 * fields.
 */
public record CsvVerdict(
        Path path, String file, int firstFields, int pythonRecords, String outcome, String md5, String error) {

    /** All of them; where the set is missing, the test is skipped. */
    public static Stream<CsvVerdict> all() {
        Path folder = SharedData.set("csv_torture").toAbsolutePath();
        try {
            return Reading.all(folder.resolve("copy_verdicts.csv"), Reading.CSV_WITH_HEADER).stream()
                    .map(record -> of(folder, record));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static CsvVerdict of(Path folder, Record record) {
        List<String> row = Reading.fields(record).stream()
                .map(field -> field == null ? "" : field)
                .toList();
        return new CsvVerdict(
                folder.resolve(row.get(0)),
                row.get(0),
                Integer.parseInt(row.get(4)),
                Integer.parseInt(row.get(6)),
                row.get(7),
                row.get(8),
                row.get(9));
    }

    /** Whether COPY takes the file as a whole. */
    public boolean loads() {
        return !outcome.equals("error");
    }

    /** How many records COPY takes. */
    public int records() {
        return Integer.parseInt(outcome);
    }

    /** COPY wants one kind of line end in a file; here every kind ends a record. */
    public boolean mixesLineEnds() {
        return !loads() && error.startsWith("unquoted ");
    }

    /** Whether this is the record that COPY names; it counts the lines of one that spans several up to its last. */
    public boolean errorIsIn(Record record) {
        long line = Long.parseLong(error.replaceFirst("(?s).*COPY t, line (\\d+).*", "$1"));
        boolean upToTheEnd = Reading.broken(record).message().startsWith("opens a quote");
        long last = record.behind().line() - (upToTheEnd ? 0 : 1);
        return record.line() <= line && line <= Math.max(record.line(), last);
    }

    /** A table has at least one column. */
    public int columns() {
        return Math.max(firstFields, 1);
    }

    public char delimiter() {
        String name = file.replace(".gz", "");
        return name.endsWith(".tsv") ? '\t' : name.endsWith(".psv") ? '|' : name.endsWith(".ssv") ? ';' : ',';
    }

    /** What our own reader makes of it. */
    public List<Record> read() {
        try {
            Dialect dialect = Reading.csv(delimiter(), '"', "");
            return Reading.from(path, dialect, Position.START, OptionalInt.of(columns()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As the verdicts compute it: over the sorted checksums of the rows. */
    public static String md5OfRows(List<Record> records) {
        return md5(records.stream()
                .map(record -> md5(Reading.fields(record).stream()
                        .map(value -> value == null ? "\\N" : value)
                        .collect(Collectors.joining("|"))))
                .sorted()
                .collect(Collectors.joining("\n")));
    }

    private static String md5(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
