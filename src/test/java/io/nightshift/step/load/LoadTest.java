package io.nightshift.step.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.problem.ExitCode;
import io.nightshift.run.books.RunResult;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What real files contain, and where it arrives. */
class LoadTest {

    @RegisterExtension
    final LoadBench bench = new LoadBench();

    @AfterEach
    void everyRecordIsAccountedFor() {
        bench.everyRecordIsAccountedFor();
    }

    @Test
    void byteOrderMarksAndAllLineEndsAreRead() {
        bench.execute("CREATE TABLE t (id integer, name text)");
        bench.file("in.csv", "\uFEFFid,name\r\n1,a\r\n2,\"b\r\nb\"\n3,c\r4,d");
        done(bench.load("into: t"));
        assertThat(bench.rows("SELECT id, name FROM t ORDER BY id")).containsExactly("1|a", "2|b\r\nb", "3|c", "4|d");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16", "UTF-16LE", "ISO-8859-1", "windows-1252", "UTF-8"})
    void otherEncodingsArriveAsTheSameText(String encoding) {
        String text = encoding.startsWith("ISO") ? "Blåbär über Café ÿ" : "Blåbär – “über” 20 €";
        bench.execute("CREATE TABLE t (id integer, name text)");
        bench.file("in.csv", ("id,name\n1,\"" + text + "\"\n").getBytes(Charset.forName(encoding)));
        done(bench.load("into: t", "dialect: {encoding: " + encoding + "}"));
        assertThat(bench.rows("SELECT name FROM t")).containsExactly(text);
    }

    @Test
    void brokenUtf8IsARejectThatNamesItsByte() {
        bench.execute("CREATE TABLE t (id integer, name text)");
        bench.file("in.csv", "id,name\n1,a\n2,b\u00ff\n3,c\n".getBytes(StandardCharsets.ISO_8859_1));
        done(bench.load("into: t", "reject-limit: 1"));
        assertThat(bench.rows("SELECT id FROM t ORDER BY id")).containsExactly("1", "3");
        assertThat(
                        bench.rows(
                                "SELECT record, line, byte_offset, sqlstate, message, encode(raw, 'hex') FROM nightshift.reject"))
                .containsExactly("2|3|12|22021|has the byte 0xff at byte offset 15, which is not UTF-8 text|322c62ff");
    }

    @Test
    void aRaggedRowIsARejectEach() {
        bench.execute("CREATE TABLE t (id integer, name text)");
        bench.file("in.csv", "id,name\n1,a\n2\n3,c,d\n\n4,e\n");
        done(bench.load("into: t", "reject-limit: 3"));
        assertThat(bench.rows("SELECT id FROM t ORDER BY id")).containsExactly("1", "4");
        assertThat(bench.rows("SELECT line, message FROM nightshift.reject ORDER BY line"))
                .hasSize(3)
                .anySatisfy(row -> assertThat(row).startsWith("3|has 1 field, expected 2"))
                .anySatisfy(row -> assertThat(row).startsWith("4|has 3 fields, expected 2"));
    }

    @Test
    void aQuoteThatNothingClosesIsOneReject() {
        bench.execute("CREATE TABLE t (id integer, name text)");
        bench.file("in.csv", "id,name\n1,a\n2,\"b\n3,c\n4,d\n");
        done(bench.load("into: t", "reject-limit: 1"));
        assertThat(bench.rows("SELECT id FROM t")).containsExactly("1");
        assertThat(bench.rows("SELECT line, raw_length FROM nightshift.reject")).containsExactly("3|13");
    }

    @Test
    void aRecordLongerThanAllowedIsOneRejectAndNoMemory() {
        bench.execute("CREATE TABLE t (id integer, name text)");
        bench.file(
                "in.csv", "id,name\n1,a\n2,\"" + "x".repeat(1023).concat("\n").repeat(80 * 1024));
        done(bench.load("into: t", "reject-limit: 1"));
        assertThat(bench.rows("SELECT id FROM t")).containsExactly("1");
        assertThat(bench.rows("SELECT line, raw_length, length(raw) FROM nightshift.reject"))
                .containsExactly("3|%d|65536".formatted(80L * 1024 * 1024 + 3));
    }

    @Test
    void nullAndTheEmptyTextStayApart() {
        bench.execute("CREATE TABLE t (id integer, name text)");
        bench.file("in.csv", "id,name\n1,\n2,\"\"\n3,NULL\n");
        done(bench.load("into: t"));
        assertThat(bench.rows("SELECT id, name IS NULL, name FROM t ORDER BY id"))
                .containsExactly("1|t|null", "2|f|", "3|f|NULL");
        bench.execute("TRUNCATE t");
        done(bench.load("into: t", "loaded-before: load", "dialect: {\"null\": \"NULL\"}"));
        assertThat(bench.rows("SELECT id, name IS NULL, name FROM t ORDER BY id"))
                .containsExactly("1|f|", "2|f|", "3|t|null");
    }

    @Test
    void timesWithoutAZoneAreReadInTheZoneOfTheLoad() {
        bench.execute("CREATE TABLE t (id integer, at timestamptz)");
        bench.file("in.csv", "id,at\n1,2026-01-31 08:00:00\n2,2026-07-31 08:00:00\n3,2026-07-31 08:00:00+05:45\n");
        done(bench.load("into: t", "dialect: {zone: Europe/Berlin}"));
        assertThat(bench.rows("SELECT to_char(at AT TIME ZONE 'UTC', 'MM-DD HH24:MI') FROM t ORDER BY id"))
                .containsExactly("01-31 07:00", "07-31 06:00", "07-31 02:15");
    }

    @Test
    void valuesOfEveryTypeArriveFromCsvAndFromJson() {
        bench.execute(
                """
                CREATE TYPE mood AS ENUM ('glad', 'sad');
                CREATE TABLE t (id uuid, mood mood, tags text[], counts int[][], doc jsonb, source json, big numeric, ok boolean)""");
        bench.file(
                "in.csv",
                """
                id,mood,tags,counts,doc,source,big,ok
                a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11,glad,"{a,""b, c"",NULL}","{{1,2},{3,4}}","{""k"": [1, null]}","{ ""k"" : 1 }",12345678901234567890.123,true
                """);
        bench.file(
                "in.jsonl",
                """
                {"id": "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "mood": "glad", "tags": ["a", "b, c", null], \
                "counts": [[1, 2], [3, 4]], "doc": {"k": [1, null]}, "source": { "k" : 1 }, "big": 12345678901234567890.123, \
                "ok": true}
                """);
        done(bench.loadFrom("in.csv", "into: t"));
        done(bench.loadFrom("in.jsonl", "into: t"));
        assertThat(bench.rows("SELECT DISTINCT t::text FROM t"))
                .containsExactly(
                        "(a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11,glad,\"{a,\"\"b, c\"\",NULL}\",\"{{1,2},{3,4}}\","
                                + "\"{\"\"k\"\": [1, null]}\",\"{ \"\"k\"\" : 1 }\",12345678901234567890.123,t)");
        assertThat(bench.rows("SELECT count(*) FROM t")).containsExactly("2");
    }

    @Test
    void aWrongValueOfATypeIsARejectOfItsColumn() {
        bench.execute("CREATE TYPE mood AS ENUM ('glad', 'sad'); CREATE TABLE t (id integer PRIMARY KEY, mood mood)");
        bench.file("in.csv", "id,mood\n1,glad\n2,angry\nthree,sad\n1,sad\n,glad\n4,sad\n");
        done(bench.load("into: t", "reject-limit: 4"));
        assertThat(bench.rows("SELECT id FROM t ORDER BY id")).containsExactly("1", "4");
        assertThat(bench.rows("SELECT line, sqlstate, constraint_name FROM nightshift.reject ORDER BY line"))
                .containsExactly("3|22P02|null", "4|22P02|null", "5|23505|t_pkey", "6|23502|null");
    }

    private static void done(RunResult result) {
        assertThat(result.problem()).isEmpty();
        assertThat(result.exit()).isEqualTo(ExitCode.DONE);
    }
}
