package io.nightshift.step.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.chunk.Counts;
import io.nightshift.run.books.RunResult;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Exactly the bad rows are rejected, whatever is wrong with them, wherever chunks end, and all others are loaded. */
class SortsOfBadRowsTest {

    private static final List<String> STATES = List.of("22P02", "22001", "23502", "23505", "23503", "23514");

    @RegisterExtension
    private final LoadBench bench = new LoadBench();

    @ParameterizedTest
    @CsvSource({
        "into: items, 5000, 20000",
        "into: items, 7, 2000",
        "into: items, 1, 500",
        "merge: t.mergeLoaded, 5000, 20000",
        "merge: t.mergeLoaded, 7, 2000",
        "merge: t.mergeLoaded, 1, 500"
    })
    void eachIsRejectedWithItsLineAndCauseAndNoneBeside(String way, int chunk, int rows) {
        bench.execute(
                """
                CREATE TABLE kinds (kind int PRIMARY KEY);
                INSERT INTO kinds SELECT n FROM generate_series(1, 50) n;
                CREATE TABLE items (
                  id int PRIMARY KEY,
                  code varchar(20) NOT NULL,
                  kind int NOT NULL REFERENCES kinds,
                  price numeric NOT NULL CHECK (price > 0)
                );
                CREATE VIEW t AS SELECT * FROM items""");
        bench.merge("insert", "INSERT INTO items (id, code, kind, price) SELECT id, code, kind, price FROM loaded");
        List<String> expected = new ArrayList<>();
        bench.file("in.csv", file(rows, expected));

        RunResult run = bench.load(
                way,
                "columns: {id: id, code: code, kind: kind, price: price}",
                "reject-limit: 10000",
                "chunk: " + chunk);

        int bad = expected.size();
        assertThat(run.problem()).isEmpty();
        assertThat(run.rows()).isEqualTo(new Counts(rows, rows - bad, bad, 0));
        assertThat(bench.rows("SELECT line, sqlstate FROM nightshift.reject ORDER BY line"))
                .isEqualTo(expected);
        assertThat(bench.rows("SELECT count(*), min(price), max(id) FROM items"))
                .containsExactly((rows - bad) + "|1.5|" + rows);
        bench.everyRecordIsAccountedFor();
    }

    /** One of a hundred is bad, in turns of another sort, sometimes two side by side. */
    private static String file(int rows, List<String> expected) {
        StringBuilder text = new StringBuilder("id,code,kind,price\n");
        int bad = 0;
        for (int n = 1; n <= rows; n++) {
            int sort = n % 100 == 40 || n % 200 == 41 ? bad++ % STATES.size() : -1;
            if (sort >= 0) {
                expected.add((n + 1) + "|" + STATES.get(sort));
            }
            text.append(sort == 3 ? n - 20 : n)
                    .append(sort == 2 ? "," : "," + "c".repeat(sort == 1 ? 30 : 3) + n)
                    .append(sort == 4 ? ",99" : "," + (n % 50 + 1))
                    .append(sort == 0 ? ",dear" : sort == 5 ? ",-1" : "," + (n % 9 + 1) + ".5")
                    .append('\n');
        }
        return text.toString();
    }
}
