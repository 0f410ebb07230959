package io.nightshift.step.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.TestRun;
import io.nightshift.run.books.RunResult;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoadByConnectionsTest {

    @RegisterExtension
    private final LoadBench bench = new LoadBench();

    private static final String PIECES = "SELECT count(*) FROM nightshift.piece";

    @ParameterizedTest
    @CsvSource({"3, 100", "2, 7"})
    void theLastLineOfAKeyWinsHoweverTheKeyIsWritten(int connections, int chunk) {
        bench.execute("CREATE TABLE t (id bigint, name varchar(6), number text, PRIMARY KEY (id, name))");
        bench.merge(
                "insert",
                """
                INSERT INTO t (id, name, number)
                SELECT id, name, number
                FROM loaded
                ON CONFLICT (id, name) DO UPDATE
                SET number = excluded.number""");
        List<String> ways = List.of("%d", "0%d", "+%d", "\" %d \"", "0x%x", "0o%o");
        StringBuilder csv = new StringBuilder("id,name,number\n");
        for (int line = 0; line < 3_000; line++) {
            String id = ways.get(line / 500).formatted(line % 500);
            csv.append(id)
                    .append(line % 2 == 0 ? ",same  ," : ",same   ,")
                    .append(line)
                    .append('\n');
        }
        bench.file("in.csv", csv.toString());
        RunResult result = bench.load(
                "merge: t.mergeLoaded", "merge-key: [id, name]", "connections: " + connections, "chunk: " + chunk);
        assertThat(result.problem()).isEmpty();
        assertThat(bench.rows("SELECT count(*), min(number::int), max(number::int) FROM t"))
                .containsExactly("500|2500|2999");
        assertThat(bench.rows("SELECT count(*) FROM t WHERE number::int % 500 <> id"))
                .containsExactly("0");
        assertThat(bench.rows("SELECT sum(read), count(DISTINCT piece) > 4 FROM nightshift.ledger"))
                .containsExactly("3000|t");
        bench.everyRecordIsAccountedFor();
        isProved(result);
    }

    @Test
    void aKeyOfJsonMeetsAKeyOfJson() {
        bench.execute("CREATE TABLE t (id uuid PRIMARY KEY, number int)");
        bench.merge(
                "insert",
                """
                INSERT INTO t (id, number)
                SELECT id, number
                FROM loaded
                ON CONFLICT (id) DO UPDATE
                SET number = excluded.number""");
        String id = "a0eebc99-9c0b-4ef8-bb6d-6bb9bd38%04x";
        List<String> lines = new ArrayList<>();
        for (int line = 0; line < 900; line++) {
            String key = id.formatted(line % 300);
            lines.add("{\"number\": %d, \"id\": \"%s\"}"
                    .formatted(line, line < 300 ? key : line < 600 ? key.toUpperCase() : key.replace("-", "")));
        }
        bench.file("in.jsonl", String.join("\n", lines));
        RunResult result =
                bench.loadFrom("in.jsonl", "merge: t.mergeLoaded", "merge-key: [id]", "connections: 3", "chunk: 20");
        assertThat(result.problem()).isEmpty();
        assertThat(bench.rows("SELECT count(*), min(number), max(number) FROM t"))
                .containsExactly("300|600|899");
        bench.everyRecordIsAccountedFor();
    }

    @Test
    void aStraightCopyGoesOnWhereEachOfItsPiecesStands() {
        bench.execute(
                """
                CREATE TABLE t (id int PRIMARY KEY, text text);
                CREATE TABLE broken (id int);
                INSERT INTO broken VALUES (60000);
                CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                  IF EXISTS (SELECT FROM broken b WHERE b.id = new.id) THEN
                    RAISE EXCEPTION 'not now' USING ERRCODE = '55000';
                  END IF;
                  RETURN new;
                END $$;
                CREATE TRIGGER refuse BEFORE INSERT ON t FOR EACH ROW WHEN (new.id % 1000 = 0) EXECUTE FUNCTION refuse()""");
        bench.file("a.csv", rows(1, 90_000));
        bench.file("b.csv.gz", LoadBench.gzip(rows(90_001, 100_000)));
        String[] keys = {"into: t", "connections: 3", "chunk: 2000"};
        RunResult failed = bench.loadFrom("[a.csv, b.csv.gz]", keys);
        assertThat(failed.status()).isEqualTo("FAILED");
        assertThat(bench.rows("SELECT count(*) > 0, count(*) < 100000 FROM t")).containsExactly("t|t");
        assertThat(bench.rows("SELECT count(*) = (SELECT sum(written) FROM nightshift.ledger) FROM t"))
                .containsExactly("t");

        bench.execute("DELETE FROM broken");
        RunResult done = bench.resume(failed.run());
        assertThat(done.problem()).isEmpty();
        assertThat(bench.rows("SELECT count(*), min(id), max(id) FROM t")).containsExactly("100000|1|100000");
        assertThat(bench.rows("SELECT sum(read), count(DISTINCT piece) > 2 FROM nightshift.ledger"))
                .containsExactly("100000|t");
        bench.everyRecordIsAccountedFor();
        isProved(done);
    }

    private void isProved(RunResult run) {
        assertThat(TestRun.findings(bench.home().home(), run.run())).isEmpty();
    }

    private static String rows(int from, int to) {
        return IntStream.rangeClosed(from, to)
                .mapToObj(id -> id + ",\"text \\ of " + "x".repeat(80) + " " + id + '"')
                .collect(Collectors.joining("\n", "id,text\n", "\n"));
    }

    @Test
    void rejectsUnderTheLimitAreKeptWhateverPieceTheyAreIn() {
        bench.execute("CREATE TABLE t (id int PRIMARY KEY, name text CHECK (length(name) < 5))");
        bench.merge("insert", "INSERT INTO t (id, name) SELECT id, name FROM loaded");
        StringBuilder csv = new StringBuilder("id,name\n");
        for (int id = 1; id <= 2_000; id++) {
            csv.append(id).append(id % 50 == 0 ? ",too long\n" : id % 77 == 0 ? ",a,b\n" : ",fine\n");
        }
        bench.file("in.csv", csv.toString());
        RunResult result = bench.load(
                "merge: t.mergeLoaded", "merge-key: [id]", "connections: 3", "chunk: 30", "reject-limit: 10%");
        assertThat(result.problem()).isEmpty();
        assertThat(bench.rows("SELECT count(*) FROM t")).containsExactly("1935");
        assertThat(bench.rows("SELECT count(DISTINCT record), min(record), max(record) FROM nightshift.reject"))
                .containsExactly("65|50|2000");
        bench.everyRecordIsAccountedFor();
    }

    @Test
    void theSequenceEndsBehindTheHighestKey() {
        bench.execute("CREATE TABLE t (id int GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, text text)");
        bench.file("in.csv", rows(1, 80_000));
        assertThat(bench.load("into: t", "connections: 4", "chunk: 500").problem())
                .isEmpty();
        bench.execute("INSERT INTO t (text) VALUES ('the next one')");
        assertThat(bench.rows("SELECT max(id) FROM t")).containsExactly("80001");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a key that is written in many ways  | id numeric PRIMARY KEY, name text               | merge-key: [id]",
                "rows that refer to rows of the table | id int PRIMARY KEY, name int REFERENCES t       | merge-key: [id]",
                "no key that would keep the order     | id int PRIMARY KEY, name text                   | chunk: 2"
            })
    void itRunsOnOneConnectionWhereTheResultWouldDependOnTiming(String why, String columns, String key) {
        bench.execute("CREATE TABLE t (" + columns + ")");
        bench.merge(
                "insert",
                "INSERT INTO t (id, name) SELECT id, name FROM loaded ON CONFLICT (id) DO UPDATE SET name = excluded.name");
        bench.file("in.csv", "id,name\n1,1\n2,1\n3,2\n2,3\n");
        RunResult result = bench.load("merge: t.mergeLoaded", "connections: 4", key);
        assertThat(result.problem()).as(why).isEmpty();
        assertThat(bench.rows(PIECES)).as(why).containsExactly("1");
        assertThat(bench.rows("SELECT id::int, name FROM t ORDER BY 1")).as(why).containsExactly("1|1", "2|3", "3|2");
    }
}
