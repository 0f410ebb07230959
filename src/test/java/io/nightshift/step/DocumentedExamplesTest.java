package io.nightshift.step;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.DocumentedKind;
import io.nightshift.TestDatabase;
import io.nightshift.TestRun;
import io.nightshift.chunk.Counts;
import io.nightshift.problem.ExitCode;
import io.nightshift.run.books.RunResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Every example below docs/kinds does what its page says. */
class DocumentedExamplesTest {

    /**
     * What an example leaves behind.
     *
     * @param rows  what its run says
     * @param query a question about the data
     * @param value the answer
     */
    private record Expected(Counts rows, String query, String value) {}

    private static final Map<String, Expected> EXPECTED = Map.of(
            "load",
                    new Expected(
                            new Counts(4, 2, 1, 1),
                            "SELECT string_agg(email || ' ' || (joined_at AT TIME ZONE 'UTC'), ', ' ORDER BY username)"
                                    + " FROM users",
                            "anna@example.org 2026-01-31 07:00:00, carl@example.com 2026-02-03 07:00:00"),
            "update",
                    new Expected(
                            new Counts(250, 250, 0, 0), "SELECT count(*) FROM tasks WHERE priority = 'high'", "250"),
            "delete", new Expected(new Counts(333, 333, 0, 0), "SELECT count(*) FROM sessions", "167"),
            "backfill",
                    new Expected(
                            new Counts(601, 601, 0, 0), "SELECT count(*) FROM posts WHERE word_count IS NULL", "0"),
            "purge",
                    new Expected(
                            new Counts(100, 100, 0, 0),
                            "SELECT count(*) || ' ' || (SELECT count(*) FROM posts) FROM users",
                            "100 300"),
            "report",
                    new Expected(
                            new Counts(28, 28, 0, 0),
                            "SELECT count(*) || ' ' || sum(orders) FROM daily_sales",
                            "14 336"),
            "export", new Expected(new Counts(300, 300, 0, 0), "SELECT count(*) FROM users", "300"),
            "sql", new Expected(new Counts(0, 0, 0, 0), "SELECT readings FROM reading_totals", "100"),
            "job", new Expected(new Counts(100, 100, 0, 0), "SELECT sum(doubled) FROM numbers", "10100"));

    @TempDir
    Path directory;

    @TestFactory
    Stream<DynamicTest> everyExampleDoesWhatItsPageSays() {
        return DocumentedKind.all().stream()
                .map(page -> DynamicTest.dynamicTest(page.kind(), () -> doesWhatItSays(page)));
    }

    private void doesWhatItSays(DocumentedKind page) {
        Expected expected = EXPECTED.get(page.kind());
        try (TestDatabase database = TestDatabase.create()) {
            database.execute(page.setUp());
            RunResult result = TestRun.of(
                    page.in(directory.resolve(page.kind())).on(database).home(), page.job());
            assertThat(result.problem()).isEmpty();
            assertThat(result.status()).isEqualTo("COMPLETED");
            assertThat(result.exit()).isEqualTo(ExitCode.DONE);
            assertThat(result.rows()).isEqualTo(expected.rows());
            assertThat(database.value(expected.query())).isEqualTo(expected.value());
        }
    }

    @Test
    void theExportOfItsPageKeepsNullAndTheEmptyStringApart() throws Exception {
        DocumentedKind page = page("export");
        try (TestDatabase database = TestDatabase.create()) {
            database.execute(page.setUp());
            TestRun.of(page.in(directory).on(database).home(), page.job());
            assertThat(Files.readAllLines(directory.resolve("reports/export-users/users.csv")))
                    .hasSize(301)
                    .startsWith("id,username,note", "1,user1,\"\"", "2,user2,\"says \"\"hi\"\", twice\"", "3,user3,");
        }
    }

    @Test
    void theReportOfItsPageIsThereInAllItsForms() {
        DocumentedKind page = page("report");
        try (TestDatabase database = TestDatabase.create()) {
            database.execute(page.setUp());
            RunResult result = TestRun.of(page.in(directory).on(database).home(), page.job());
            Path reports = directory.resolve("reports/report-sales");
            assertThat(result.files())
                    .containsExactlyInAnyOrder(
                            reports.resolve("sales.csv").toString(),
                            reports.resolve("sales.html").toString(),
                            reports.resolve("sales.json").toString());
            assertThat(result.files())
                    .allSatisfy(file -> assertThat(Path.of(file)).isNotEmptyFile());
        }
    }

    private static DocumentedKind page(String kind) {
        return DocumentedKind.all().stream()
                .filter(page -> page.kind().equals(kind))
                .findFirst()
                .orElseThrow();
    }
}
