package io.nightshift.step.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.TestDatabase;
import io.nightshift.TestHome;
import io.nightshift.problem.ExitCode;
import io.nightshift.run.books.RunResult;
import io.nightshift.step.load.record.Content;
import io.nightshift.step.load.record.CsvVerdict;
import io.nightshift.step.load.record.Record;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Broken and odd CSV files of other projects, loaded into text columns. */
class CsvTortureLoadTest {

    private static final String JOB =
            """
            parameters:
              file: {type: path, required: true}
              table: {type: text, required: true}
              delimiter: {type: text, required: true}
            steps:
              - load:
                  name: file
                  from: ${file}
                  into: ${table}
                  loaded-before: load
                  dialect: {format: csv, header: false, delimiter: "${delimiter}"}
            """;

    private static TestDatabase database;
    private static OpenEngine engine;

    @BeforeAll
    static void createTables(@TempDir Path directory) {
        List<Integer> widths =
                CsvVerdict.all().map(CsvVerdict::columns).distinct().toList();
        database = TestDatabase.create();
        for (int width : widths) {
            database.execute("CREATE TABLE t%d (%s text)".formatted(width, String.join(" text, ", columns(width))));
        }
        engine = OpenEngine.in(TestHome.in(directory)
                .with("jobs/load-file.yml", JOB)
                .on(database)
                .home());
    }

    @AfterAll
    static void drop() {
        engine.close();
        database.close();
    }

    @TestFactory
    Stream<DynamicTest> whatCopyLoadsIsLoadedAlike() {
        return CsvVerdict.all()
                .filter(CsvVerdict::loads)
                .map(verdict -> DynamicTest.dynamicTest(verdict.file(), () -> {
                    RunResult result = load(verdict);
                    assertThat(result.problem()).isEmpty();
                    assertThat(result.rows().written()).isEqualTo(verdict.records());
                    assertThat(rows(verdict)).isEqualTo(verdict.records());
                    if (verdict.records() > 0) {
                        assertThat(md5(verdict)).isEqualTo(verdict.md5());
                    }
                }));
    }

    @TestFactory
    Stream<DynamicTest> mixedLineEndsAreLoadedAsAWhole() {
        return CsvVerdict.all()
                .filter(verdict -> verdict.mixesLineEnds() && isGood(verdict))
                .map(verdict -> DynamicTest.dynamicTest(verdict.file(), () -> {
                    assertThat(load(verdict).exit()).isEqualTo(ExitCode.DONE);
                    assertThat(rows(verdict)).isEqualTo(verdict.pythonRecords());
                }));
    }

    @TestFactory
    Stream<DynamicTest> whatCopyRefusesIsLoadedUpToTheBadRecordThatIsNamed() {
        return CsvVerdict.all()
                .filter(verdict -> !verdict.loads() && !isGood(verdict))
                .map(verdict -> DynamicTest.dynamicTest(verdict.file(), () -> {
                    RunResult result = load(verdict);
                    assertThat(result.exit()).isEqualTo(ExitCode.FAILED);
                    assertThat(result.rows().rejected()).isEqualTo(1);
                    List<Record> good = good(verdict);
                    assertThat(rows(verdict))
                            .isEqualTo(good.size())
                            .isEqualTo(result.rows().written());
                    Record bad = verdict.read().get(good.size());
                    assertThat(database.value("SELECT line FROM nightshift.reject WHERE run = " + result.run()))
                            .isEqualTo(Long.toString(bad.line()));
                    assertThat(verdict.mixesLineEnds() || verdict.errorIsIn(bad))
                            .isTrue();
                    if (!good.isEmpty()) {
                        assertThat(md5(verdict)).isEqualTo(CsvVerdict.md5OfRows(good));
                    }
                }));
    }

    private static boolean isGood(CsvVerdict verdict) {
        return good(verdict).size() == verdict.read().size();
    }

    private static List<Record> good(CsvVerdict verdict) {
        return verdict.read().stream()
                .takeWhile(record -> record.content() instanceof Content.Fields)
                .toList();
    }

    private static RunResult load(CsvVerdict verdict) {
        database.execute("TRUNCATE t" + verdict.columns());
        return engine.run(
                "load-file",
                "file=" + verdict.path(),
                "table=t" + verdict.columns(),
                "delimiter=" + verdict.delimiter());
    }

    private static int rows(CsvVerdict verdict) {
        return Integer.parseInt(String.valueOf(database.value("SELECT count(*) FROM t" + verdict.columns())));
    }

    private static String md5(CsvVerdict verdict) {
        return ExpectedTable.md5OfRows(database, "t" + verdict.columns(), columns(verdict.columns()));
    }

    private static List<String> columns(int width) {
        return IntStream.rangeClosed(1, width).mapToObj(number -> "c" + number).toList();
    }
}
