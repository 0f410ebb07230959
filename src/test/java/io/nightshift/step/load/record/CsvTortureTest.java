package io.nightshift.step.load.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.SharedData;
import io.nightshift.job.Dialect;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class CsvTortureTest {

    private record Verdict(String file, int fields, int pythonRecords, String outcome, String md5, String error) {

        static Verdict of(Record record) {
            List<String> row = Reading.fields(record).stream()
                    .map(field -> field == null ? "" : field)
                    .toList();
            int fields = Integer.parseInt(row.get(4));
            return new Verdict(row.get(0), fields, Integer.parseInt(row.get(6)), row.get(7), row.get(8), row.get(9));
        }

        boolean mixesLineEnds() {
            return !loads() && error.startsWith("unquoted ");
        }

        long errorLine() {
            return Long.parseLong(error.replaceFirst("(?s).*COPY t, line (\\d+).*", "$1"));
        }

        char delimiter() {
            String name = file.replace(".gz", "");
            return name.endsWith(".tsv") ? '\t' : name.endsWith(".psv") ? '|' : name.endsWith(".ssv") ? ';' : ',';
        }

        boolean loads() {
            return !outcome.equals("error");
        }
    }

    private final Path folder = SharedData.set("csv_torture");

    @TestFactory
    Stream<DynamicTest> everyFileThatCopyLoadsGivesTheSameRecords() throws IOException {
        return verdicts()
                .filter(Verdict::loads)
                .map(verdict -> DynamicTest.dynamicTest(verdict.file(), () -> {
                    List<Record> records = read(verdict);
                    assertThat(records).noneMatch(Reading::isBroken).hasSize(Integer.parseInt(verdict.outcome()));
                    if (!records.isEmpty()) {
                        assertThat(md5OfRows(records)).isEqualTo(verdict.md5());
                    }
                }));
    }

    // COPY wants one kind of line end in a file; here every kind ends a record.
    @TestFactory
    Stream<DynamicTest> everyFileThatCopyRefusesForItsLineEndsGivesAllRecords() throws IOException {
        return verdicts()
                .filter(Verdict::mixesLineEnds)
                .map(verdict -> DynamicTest.dynamicTest(verdict.file(), () -> {
                    assertThat(read(verdict)).hasSize(verdict.pythonRecords());
                }));
    }

    @TestFactory
    Stream<DynamicTest> everyOtherFileThatCopyRefusesIsBrokenFirstOnTheLineThatCopyNames() throws IOException {
        return verdicts()
                .filter(verdict -> !verdict.loads() && !verdict.mixesLineEnds())
                .map(verdict -> DynamicTest.dynamicTest(verdict.file(), () -> {
                    Record bad = read(verdict).stream()
                            .filter(Reading::isBroken)
                            .findFirst()
                            .orElseThrow();
                    // COPY counts the lines of a record that spans several up to its last one.
                    assertThat(verdict.errorLine()).isBetween(bad.line(), Math.max(bad.line(), lastLine(bad)));
                }));
    }

    private static long lastLine(Record record) {
        boolean upToTheEnd = Reading.broken(record).message().startsWith("opens a quote");
        return record.behind().line() - (upToTheEnd ? 0 : 1);
    }

    private Stream<Verdict> verdicts() throws IOException {
        return Reading.all(folder.resolve("copy_verdicts.csv"), Reading.CSV_WITH_HEADER).stream()
                .map(Verdict::of);
    }

    private List<Record> read(Verdict verdict) throws IOException {
        OptionalInt fields = OptionalInt.of(Math.max(verdict.fields(), 1));
        Dialect dialect = Reading.csv(verdict.delimiter(), '"', "");
        return Reading.from(folder.resolve(verdict.file()), dialect, Position.START, fields);
    }

    private static String md5OfRows(List<Record> records) {
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
