package io.nightshift.step;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.ServerStatements;
import io.nightshift.TestDatabase;
import io.nightshift.TestHome;
import io.nightshift.TestRun;
import io.nightshift.chunk.Counts;
import io.nightshift.content.Home;
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

    private static final String MAPPER =
            """
            <mapper namespace="items">
              <select id="all">
                /* nightshift: items.all */
                SELECT id
                FROM items
              </select>
              <select id="open">
                /* nightshift: items.open */
                SELECT id
                FROM items
                WHERE NOT done
              </select>
              <select id="exported">
                /* nightshift: items.exported */
                SELECT id, done
                FROM items
                WHERE id = ANY (#{keys})
              </select>
              <insert id="mergeLoaded">
                /* nightshift: items.mergeLoaded */
                INSERT INTO items (id, done)
                SELECT id, done
                FROM loaded
                ON CONFLICT (id) DO UPDATE
                SET done = EXCLUDED.done
              </insert>
              <update id="close">
                /* nightshift: items.close */
                UPDATE items
                SET done = true
                WHERE id = ANY (#{keys})
                  AND NOT done
              </update>
              <delete id="remove">
                /* nightshift: items.remove */
                DELETE FROM items
                WHERE id = ANY (#{keys})
              </delete>
            </mapper>
            """;

    private static final String PARTS =
            """
            <mapper namespace="parts">
              <delete id="removeOfItems">
                /* nightshift: parts.removeOfItems */
                DELETE FROM parts
                WHERE item = ANY (#{keys})
              </delete>
            </mapper>
            """;

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
        List<String> small = statementsOfTheOnlyChunk(kind, step, 100);
        List<String> large = statementsOfTheOnlyChunk(kind, step, 10_000);

        assertThat(large).isEqualTo(small);
        assertThat(small).hasSizeLessThan(22);
    }

    private List<String> statementsOfTheOnlyChunk(String kind, String step, int rows) {
        DATABASE.execute(
                """
                DROP TABLE IF EXISTS parts, items, copied;
                CREATE TABLE items (id bigint PRIMARY KEY, done boolean NOT NULL);
                CREATE TABLE copied (LIKE items INCLUDING ALL);
                CREATE TABLE parts (item bigint NOT NULL REFERENCES items);
                CREATE INDEX parts_item ON parts (item);
                INSERT INTO items SELECT n, false FROM generate_series(1, %d) n"""
                        .formatted(rows));
        String job = kind.replace(' ', '-') + "-" + rows;
        Home home = TestHome.in(directory)
                .with("mappers/items.xml", MAPPER)
                .with("mappers/parts.xml", PARTS)
                .with(
                        "items.csv",
                        IntStream.rangeClosed(1, rows)
                                .mapToObj(id -> id + ",true\n")
                                .collect(Collectors.joining("", "id,done\n", "")))
                .with("jobs/" + job + ".yml", "steps:\n  - " + step + "\n")
                .on(DATABASE)
                .home();
        ServerStatements statements = ServerStatements.of(DATABASE);

        RunResult result = TestRun.of(home, job);

        assertThat(result.problem()).isEmpty();
        assertThat(result.rows()).isEqualTo(new Counts(rows, rows, 0, 0));
        assertThat(statements.chunks()).hasSize(1);
        return statements.chunks().get(0);
    }
}
