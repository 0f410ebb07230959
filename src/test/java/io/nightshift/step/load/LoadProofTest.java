package io.nightshift.step.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.TestRun;
import io.nightshift.problem.ExitCode;
import io.nightshift.run.books.RunResult;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A load is tampered with behind its back: its books, its files, its table. */
class LoadProofTest {

    /** Records 5 and 6 of the first file are bad. */
    private static final String FIRST =
            "id,name,at\n1,a,2026-01-01 10:00\n2,b,\n3,c,2026-03-01 10:00\n4,d,\nfive,e,\n6\n7,g,\n";

    private static final String SECOND = "name,id\nh,8\ni,9\nj,10\nk,11\n";
    private static final String TABLE = "CREATE TABLE t (id integer PRIMARY KEY, name varchar(8), at timestamptz)";
    private static final String KEYS = "chunk: 3";

    /** What is done to the books, and what is said of it. */
    private static final String TAMPERINGS =
            """
            DELETE FROM ledger WHERE after = '{1,3}'                                | in1.csv:5: 3 records lie in no chunk of the ledger, this being the first
            DELETE FROM ledger WHERE after = '{1,3}'                                | piece 1, chunk from 1/6 to 1/7: begins where no chunk ended: one before it is missing, or it was moved or added
            DELETE FROM ledger WHERE after = '{2,3}'                                | in2.csv:5: 1 records lie in no chunk of the ledger, this being the first
            DELETE FROM ledger                                                      | in1.csv:2: 11 records lie in no chunk of the ledger, this being the first
            UPDATE ledger SET last = '{1,2}', last_offset = 31 WHERE after = '{}'   | in1.csv:4: 1 records lie in no chunk of the ledger, this being the first
            UPDATE ledger SET after = '{1,2}' WHERE after = '{1,3}'                 | piece 1, chunk from 1/2 to 1/6: begins where no chunk ended: one before it is missing, or it was moved or added
            UPDATE ledger SET last_offset = last_offset - 1 WHERE after = '{1,3}'   | piece 1, chunk from 1/3 to 1/6: ends at byte 72, but the record that it names ends at byte 73
            UPDATE ledger SET read = 2, written = 2 WHERE after = '{}'              | piece 1, chunk from the start to 1/3: counts 2 records, but 3 lie in it
            UPDATE ledger SET written = 0, rejected = 3 WHERE after = '{}'          | piece 1, chunk from the start to 1/3: counts 3 rejects, but 0 lie in it
            INSERT INTO ledger SELECT run, step, piece, '{1,4}', last, read, written, rejected, skipped, counts, last_offset, last_line, started_at, millis, attempt FROM ledger WHERE after = '{1,3}' | piece 1, chunk from 1/4 to 1/6: counts 3 records, but 0 lie in it
            DELETE FROM reject WHERE record = 5                                     | piece 1, chunk from 1/3 to 1/6: counts 2 rejects, but 1 lie in it
            DELETE FROM reject WHERE record = 6                                     | in1.csv:7: 1 records cannot be rows and are no rejects, this being the first
            UPDATE reject SET byte_offset = 1 WHERE record = 6                      | in1.csv:7: is a reject of byte 1, but begins at byte 71
            UPDATE reject SET record = 70 WHERE record = 6                          | reject of record 1/70: is of no record that lies in a chunk
            """;

    @RegisterExtension
    final LoadBench bench = new LoadBench();

    @Test
    void whatNobodyTouchedHolds() {
        RunResult run = straight();

        assertThat(findings(run)).isEmpty();
        assertThat(held(run))
                .contains(
                        "its 2 files have the bytes that were loaded",
                        "each of 11 records lies in one chunk of the ledger, or is a reject in one",
                        "9 records compared with public.t by (id): each has its row, with its values");
    }

    @Test
    void tamperedBooksAreNamed() {
        RunResult run = straight();
        bench.execute("CREATE TABLE kept_ledger AS TABLE nightshift.ledger; CREATE TABLE kept_reject AS TABLE"
                + " nightshift.reject");
        TAMPERINGS.lines().forEach(line -> {
            String[] parts = line.split(" \\| ");
            bench.execute("SET search_path = nightshift; " + parts[0]);

            assertThat(findings(run)).as(parts[0]).anyMatch(found -> found.replace("later: ", "")
                    .endsWith(parts[1].strip()));

            bench.execute(
                    """
                    TRUNCATE nightshift.ledger, nightshift.reject;
                    INSERT INTO nightshift.ledger TABLE kept_ledger;
                    INSERT INTO nightshift.reject OVERRIDING SYSTEM VALUE TABLE kept_reject""");
        });
        assertThat(findings(run)).isEmpty();
    }

    @Test
    void aChangedFileAndOneThatIsGoneAreFindings() throws IOException {
        RunResult run = straight();
        bench.file("in1.csv", FIRST.replace("2,b", "2,B"));
        assertThat(findings(run)).singleElement().satisfies(line -> assertThat(line)
                .contains("in1.csv: has changed since it was loaded: it had 78 bytes"));

        Files.delete(bench.home().root().resolve("in1.csv"));
        assertThat(findings(run)).singleElement().satisfies(line -> assertThat(line)
                .endsWith("in1.csv: is gone since it was loaded, so that its records cannot be looked at"));
    }

    @Test
    void rowsThatWereDeletedOrChangedLaterAreReportedAsSuch() {
        RunResult run = straight();

        bench.execute("DELETE FROM t WHERE id = 2; UPDATE t SET name = 'x', at = now() WHERE id = 9");

        assertThat(findings(run))
                .hasSize(2)
                .anyMatch(line -> line.startsWith("later: ")
                        && line.endsWith("in1.csv:3: 1 records have no row in public.t by (id), this being the first; a"
                                + " later delete leaves no trace"))
                .anyMatch(line -> line.startsWith("later: ")
                        && line.endsWith("in2.csv:3 (name): 1 records have other values in public.t by (id), this being"
                                + " the first; the row was written after the step had ended"));
    }

    @Test
    void aRowThatNeverHadItsValuesIsToldFromOneThatWasChanged() {
        bench.execute(TABLE);
        bench.execute(
                """
                CREATE FUNCTION shout() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                  NEW.name := upper(NEW.name);
                  RETURN NEW;
                END $$;
                CREATE TRIGGER shout BEFORE INSERT ON t FOR EACH ROW WHEN (NEW.id = 9) EXECUTE FUNCTION shout()""");
        RunResult run = load();
        assertThat(findings(run)).singleElement().satisfies(line -> assertThat(line)
                .startsWith("later: ")
                .endsWith("(name): 1 records have other values in public.t by (id), this being the"
                        + " first; a trigger may have changed them: shout"));

        bench.execute("DROP TRIGGER shout ON t");
        assertThat(findings(run)).singleElement().satisfies(line -> assertThat(line)
                .doesNotStartWith("later: ")
                .endsWith("this being the first; the row was not written since"));
    }

    @Test
    void aMergeIsComparedByItsKeyAndLinesThatItSkipsAreAllowedFor() {
        bench.execute("CREATE TABLE t (id integer PRIMARY KEY, name text); INSERT INTO t VALUES (3, 'old')");
        bench.merge(
                "insert",
                "INSERT INTO t (id, name) SELECT id, name FROM loaded WHERE name <![CDATA[<>]]> 'no' ON CONFLICT (id)"
                        + " DO UPDATE SET name = EXCLUDED.name");
        bench.file("in.csv", "id,name\n1,a\n2,no\n3,c\n3,d\n4,e\n5,f\n");
        RunResult run = bench.load("merge: t.mergeLoaded", "merge-key: [id]", "chunk: 4");
        assertThat(run.rows().skipped()).isEqualTo(2);
        assertThat(findings(run)).isEmpty();

        bench.execute("DELETE FROM t WHERE id = 5");
        assertThat(findings(run)).singleElement().satisfies(line -> assertThat(line)
                .startsWith("later: ")
                .contains("in.csv:7: 1 records have no row in public.t by (id)"));
    }

    @Test
    void aRowThatIsAddedForAKeyOfAMergeIsSeen() {
        bench.execute("CREATE TABLE t (id integer, name text)");
        bench.merge("insert", "INSERT INTO t (id, name) SELECT id, name FROM loaded");
        bench.file("in.csv", "id,name\n1,a\n2,b\n");
        RunResult run = bench.load("merge: t.mergeLoaded", "merge-key: [id]");
        assertThat(findings(run)).isEmpty();

        bench.execute("INSERT INTO t VALUES (2, 'b')");

        assertThat(findings(run)).singleElement().satisfies(line -> assertThat(line)
                .startsWith("later: ")
                .endsWith("in.csv:3: 1 records have a row more in public.t by (id), this being the"
                        + " first; it was written after the step had ended"));
    }

    @Test
    void aLoadThatDeletesIsProvenByWhatIsNotThere() {
        bench.execute(
                "CREATE TABLE t (id integer PRIMARY KEY, name text); INSERT INTO t SELECT n FROM generate_series(1, 9)"
                        + " n");
        bench.merge("delete", "DELETE FROM t USING loaded WHERE t.id = loaded.id");
        bench.file("in.csv", "id\n1\n2\n77\n");
        RunResult run = bench.load("merge: t.mergeLoaded", "merge-key: [id]");
        assertThat(run.rows().skipped()).isEqualTo(1);
        assertThat(findings(run)).isEmpty();

        bench.execute("INSERT INTO t VALUES (2)");

        assertThat(findings(run)).singleElement().satisfies(line -> assertThat(line)
                .startsWith("later: ")
                .contains("in.csv:3: 1 records have a row more in public.t by (id)"));
    }

    @Test
    void withoutAKeyTheProofSaysThatItCannotSeeRows() {
        bench.execute("CREATE TABLE t (id integer, name text)");
        bench.file("in.csv", "id,name\n1,a\n2,b\n");
        RunResult run = bench.load("into: t");

        bench.execute("DELETE FROM t");

        assertThat(findings(run)).isEmpty();
        assertThat(unseen(run))
                .contains("whether its rows are there: it has no merge-key, and fills no unique key of public.t");
    }

    @Test
    void valuesOfEveryTypeAreComparedAsTheyWereLoaded() {
        bench.execute(
                """
                CREATE TYPE mood AS ENUM ('glad', 'sad');
                CREATE DOMAIN short AS varchar(3) CHECK (value <> 'no');
                CREATE TABLE t (id uuid PRIMARY KEY, mood mood, tags text[], counts int[][], doc jsonb, source json, big numeric(30, 1),
                  ok boolean, bits bit(3), raw bytea, f8 float8, at timestamp(0), span interval, code short, ch char(5), ip inet,
                  point point)""");
        bench.file(
                "in.csv",
                """
                id,mood,tags,counts,doc,source,big,ok,bits,raw,f8,at,span,code,ch,ip,point
                a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11,glad,"{a,""b, c"",NULL}","{{1,2},{3,4}}","{""k"": [1, null]}","{ ""k"" : 1 }",\
                12345678901234567890.16,true,101,\\x00ff,1e-300,2026-01-01 10:00:00.7,1 day 2 hours,"ab   ",x,10.0.0.1,"(1,2)"
                """);
        RunResult run = bench.load("into: t");
        assertThat(run.exit()).isEqualTo(ExitCode.DONE);

        assertThat(findings(run)).isEmpty();
        assertThat(held(run)).anyMatch(line -> line.endsWith("each has its row, with its values"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"merge: t.mergeLoaded", "into: t"})
    void recordsThatWereDealtToSeveralPiecesAreProvenInTheirPiece(String way) {
        bench.execute("CREATE TABLE t (id integer PRIMARY KEY, name text)");
        bench.merge(
                "insert",
                "INSERT INTO t (id, name) SELECT id, name FROM loaded WHERE id % 10 <![CDATA[<>]]> 3 ON CONFLICT (id)"
                        + " DO UPDATE SET name = EXCLUDED.name");
        StringBuilder lines = new StringBuilder("id,name\n");
        for (int record = 0; record < 2_000; record++) {
            int id = way.startsWith("into") || record % 100 > 0 ? record : record / 2;
            lines.append(id)
                    .append(",n")
                    .append(record)
                    .append(record % 500 == 7 ? ",bad" : "")
                    .append('\n');
        }
        bench.file("in.csv", lines.toString());
        RunResult run = way.startsWith("into")
                ? bench.load(way, "connections: 2", "chunk: 50", "reject-limit: 9")
                : bench.load(way, "merge-key: [id]", "connections: 2", "chunk: 50", "reject-limit: 9");
        assertThat(run.problem()).isEmpty();
        assertThat(run.rows().rejected()).isEqualTo(4);
        assertThat(findings(run)).isEmpty();
        assertThat(held(run)).contains("each of 2,000 records lies in one chunk of the ledger, or is a reject in one");

        bench.execute("DELETE FROM t WHERE id = 1111");
        assertThat(findings(run)).singleElement().satisfies(line -> assertThat(line)
                .startsWith("later: ")
                .contains(way.startsWith("into") ? "in.csv:1113: " : " in a chunk that skipped ")
                .contains("1 records have no row in public.t by (id)"));

        bench.execute("UPDATE nightshift.ledger SET piece = piece + 100 WHERE after = '{}'");
        assertThat(findings(run))
                .anyMatch(line -> line.contains("is a chunk of a piece that the step does not have"))
                .anyMatch(line -> line.contains("records lie in no chunk of the ledger, this being the first"));
    }

    @Test
    void aCollapsedLoadIsStillProvenByItsFilesAndRows() {
        RunResult run = straight();
        bench.execute("SELECT nightshift.collapse(%d, 't')".formatted(run.run()));
        assertThat(bench.rows("SELECT count(*) FROM nightshift.ledger")).containsExactly("1");
        assertThat(findings(run)).isEmpty();
        assertThat(unseen(run)).anyMatch(line -> line.endsWith("into one row for each piece: their chains are gone"));

        bench.execute("DELETE FROM t WHERE id = 7; DELETE FROM nightshift.reject WHERE record = 6");

        assertThat(findings(run))
                .anyMatch(line -> line.contains("1 records have no row in public.t"))
                .anyMatch(line -> line.contains("counts 2 rejects, but 1 lie in it"));
    }

    private RunResult straight() {
        bench.execute(TABLE);
        return load();
    }

    private RunResult load() {
        bench.file("in1.csv", FIRST);
        bench.file("in2.csv", SECOND);
        RunResult run =
                bench.loadFrom("[in1.csv, in2.csv]", "into: t", "reject-limit: 5", KEYS, "dialect: {zone: Asia/Tokyo}");
        assertThat(run.problem()).isEmpty();
        return run;
    }

    private List<String> findings(RunResult run) {
        return TestRun.findings(bench.home().home(), run.run());
    }

    private List<String> held(RunResult run) {
        return TestRun.prove(bench.home().home(), run.run()).steps().stream()
                .flatMap(step -> step.proof().held().stream())
                .toList();
    }

    private List<String> unseen(RunResult run) {
        return TestRun.prove(bench.home().home(), run.run()).steps().stream()
                .flatMap(step -> step.proof().unseen().stream())
                .toList();
    }
}
