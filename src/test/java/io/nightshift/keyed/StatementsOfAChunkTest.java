package io.nightshift.keyed;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.ItemsTable;
import io.nightshift.ServerStatements;
import io.nightshift.TestDatabase;
import io.nightshift.TestHome;
import io.nightshift.chunk.Counts;
import io.nightshift.run.books.RunResult;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A chunk costs as many statements with ten thousand rows as with a hundred: nothing goes row by row. */
class StatementsOfAChunkTest {

    private static final TestDatabase DATABASE = TestDatabase.create();

    @TempDir
    Path directory;

    @AfterAll
    static void drop() {
        DATABASE.close();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "load into | load: {name: step, from: items.csv, into: copied, chunk: 10000}",
                "load merge | load: {name: step, from: items.csv, merge: items.mergeLoaded, merge-key: [id], chunk:"
                        + " 10000}",
                "update | update: {name: step, table: items, keys: items.open, apply: items.close, chunk: 10000}",
                "locking update | update: {name: step, table: items, keys: items.open, apply: items.close, lock: true,"
                        + " chunk: 10000}",
                "delete | delete: {name: step, table: items, keys: items.all, apply: items.remove, chunk: 10000}",
                "backfill | backfill: {name: step, table: items, keys: items.open, apply: items.close, chunk: 10000}",
                "purge | purge: {name: step, table: items, keys: items.all, apply: [parts.removeOfItems,"
                        + " items.remove], chunk: 10000}",
                "export | export: {name: step, keys: items.all, select: items.exported, file: out.csv, chunk: 10000}"
            })
    void aChunkOfTenThousandRowsTakesAsManyStatementsAsOneOfAHundred(String kind, String step) {
        List<String> small = statementsOfTheOnlyChunk(step, 100);
        List<String> large = statementsOfTheOnlyChunk(step, 10_000);

        assertThat(large).isEqualTo(small);
        assertThat(small).hasSizeLessThan(22);
    }

    private List<String> statementsOfTheOnlyChunk(String step, int rows) {
        DATABASE.execute("DROP TABLE IF EXISTS copied");
        ItemsTable items = new ItemsTable(DATABASE, directory).filled(1, rows);
        DATABASE.execute("CREATE TABLE copied (LIKE items INCLUDING ALL)");
        TestHome.in(directory)
                .with(
                        "items.csv",
                        IntStream.rangeClosed(1, rows)
                                .mapToObj(id -> id + ",true\n")
                                .collect(Collectors.joining("", "id,done\n", "")));
        ServerStatements statements = ServerStatements.of(DATABASE);

        RunResult result = items.run(step);

        assertThat(result.problem()).isEmpty();
        assertThat(result.rows()).isEqualTo(new Counts(rows, rows, 0, 0));
        assertThat(statements.chunks()).hasSize(1);
        return statements.chunks().get(0);
    }
}
