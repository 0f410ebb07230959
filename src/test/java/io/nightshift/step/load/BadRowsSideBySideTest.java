package io.nightshift.step.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.chunk.Counts;
import io.nightshift.run.books.RunResult;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Rows whose fate hangs on that of their neighbours: the key of a refused row comes again, a refused row was to be the
 * parent of a later one. What is expected is worked out row by row.
 */
class BadRowsSideBySideTest {

    private static final int KINDS = 50;

    @RegisterExtension
    private final LoadBench bench = new LoadBench();

    @ParameterizedTest
    @CsvSource({
        "into: items, 5000, ''",
        "into: items, 1500, DEFERRABLE INITIALLY DEFERRED",
        "into: items, 7, ''",
        "merge: t.mergeLoaded, 5000, ''",
        "merge: t.mergeLoaded, 1500, DEFERRABLE INITIALLY DEFERRED",
        "merge: t.mergeLoaded, 7, ''"
    })
    void eachIsJudgedByWhatWentInBeforeIt(String way, int chunk, String deferral) {
        bench.execute(
                """
                CREATE TABLE kinds (kind int PRIMARY KEY);
                INSERT INTO kinds SELECT n FROM generate_series(1, %d) n;
                CREATE TABLE items (
                  id int PRIMARY KEY,
                  code varchar(20) NOT NULL,
                  kind int NOT NULL REFERENCES kinds %2$s,
                  price numeric NOT NULL CHECK (price > 0),
                  part_of int REFERENCES items %2$s
                );
                CREATE VIEW t AS SELECT * FROM items"""
                        .formatted(KINDS, deferral));
        bench.merge(
                "insert",
                "INSERT INTO items (id, code, kind, price, part_of) SELECT id, code, kind, price, part_of FROM loaded");
        Lines lines = new Lines();
        bench.file("in.csv", lines.text());

        RunResult run = bench.load(
                way,
                "columns: {id: id, code: code, kind: kind, price: price, part_of: part_of}",
                "reject-limit: 10000",
                "chunk: " + chunk);

        assertThat(run.problem()).isEmpty();
        assertThat(bench.rows("SELECT line, sqlstate FROM nightshift.reject ORDER BY line"))
                .isEqualTo(lines.refused);
        assertThat(run.rows())
                .isEqualTo(new Counts(lines.count, lines.count - lines.refused.size(), lines.refused.size(), 0));
        assertThat(bench.rows("SELECT id FROM items ORDER BY id"))
                .isEqualTo(lines.loaded.stream().map(String::valueOf).toList());
        bench.everyRecordIsAccountedFor();
    }

    /** A file, and what must become of it. */
    private static final class Lines {
        private final StringBuilder text = new StringBuilder("id,code,kind,price,part_of\n");
        private final List<String> refused = new ArrayList<>();
        private final Set<Integer> loaded = new TreeSet<>();
        private final Set<Integer> missing = new HashSet<>();
        private int count;

        Lines() {
            Random random = new Random(7);
            for (int group = 0; group < 60; group++) {
                int first = group * 100;
                // All sorts next to each other, and good rows of the keys of bad ones, before and behind them.
                row(first, "x", "1", "dear", "");
                row(first, "x".repeat(21), "1", "1", "");
                row(first, "", "1", "1", "");
                row(first, "x", "999", "1", "");
                row(first, "x", "1", "-1", "");
                row(first, "x", "1", "1", "77777");
                row(first, "x", "1", "1", "");
                row(first, "x", "1", "1", "");
                row(first, "x", "999", "1", "");
                row(first + 1, "x", "999", "1", "" + first);
                row(first + 2, "x", "2", "2", "" + (first + 1));
                row(first + 2, "x", "2", "2", "" + first);
                row(first + 3, "x", "2", "2", "" + (first + 2));
                missing.add(first + 1);
                for (int i = 4; i < 100; i++) {
                    row(
                            random.nextInt(40) == 0 ? again(first + random.nextInt(i), first + i) : first + i,
                            random.nextInt(300) == 0 ? "" : "c" + i,
                            random.nextInt(200) == 0 ? "999" : "" + (i % KINDS + 1),
                            random.nextInt(300) == 0 ? "-1" : random.nextInt(300) == 0 ? "dear" : "1.5",
                            random.nextInt(10) == 0 ? parent(first + random.nextInt(i)) : "");
                }
            }
        }

        /** A parent that was missed must not come later: whether it is in time would be a matter of where parts end. */
        private int again(int id, int otherwise) {
            return missing.contains(id) ? otherwise : id;
        }

        private String parent(int id) {
            if (!loaded.contains(id)) {
                missing.add(id);
            }
            return "" + id;
        }

        private void row(int id, String code, String kind, String price, String partOf) {
            text.append("%d,%s,%s,%s,%s\n".formatted(id, code, kind, price, partOf));
            count++;
            String state = refusal(id, code, kind, price, partOf);
            if (state.isEmpty()) {
                loaded.add(id);
            } else {
                refused.add((count + 1) + "|" + state);
            }
        }

        /** What PostgreSQL looks at first: values, NULL, checks, keys, parents. */
        private String refusal(int id, String code, String kind, String price, String partOf) {
            if (code.length() > 20) {
                return "22001";
            }
            if (price.equals("dear")) {
                return "22P02";
            }
            if (code.isEmpty()) {
                return "23502";
            }
            if (price.equals("-1")) {
                return "23514";
            }
            if (loaded.contains(id)) {
                return "23505";
            }
            return kind.equals("999") || hasNoParent(id, partOf) ? "23503" : "";
        }

        private boolean hasNoParent(int id, String partOf) {
            return !partOf.isEmpty() && !partOf.equals("" + id) && !loaded.contains(Integer.parseInt(partOf));
        }

        String text() {
            return text.toString();
        }
    }
}
