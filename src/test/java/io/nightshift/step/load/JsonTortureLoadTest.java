package io.nightshift.step.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.TestDatabase;
import io.nightshift.TestHome;
import io.nightshift.problem.ExitCode;
import io.nightshift.run.books.RunResult;
import io.nightshift.step.load.record.JsonCase;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every case of a torture set as the value of a member, between two good lines: line 2n is case n, the odd lines are
 * good.
 */
class JsonTortureLoadTest {

    private static final String JOB =
            """
            parameters:
              file: {type: path, required: true}
              table: {type: text, required: true}
            steps:
              - load:
                  name: lines
                  from: ${file}
                  into: ${table}
                  loaded-before: load
                  reject-limit: 1000000
            """;

    private static TestDatabase database;
    private static OpenEngine engine;
    private static List<JsonCase> cases;
    private static RunResult asJson;
    private static RunResult asJsonb;

    @BeforeAll
    static void load(@TempDir Path directory) throws IOException {
        cases = JsonCase.all().filter(JsonCase::isOneLine).toList();
        Path file = Files.write(directory.resolve("cases.jsonl"), lines());
        database = TestDatabase.create();
        database.execute(
                """
                CREATE TABLE as_json (line integer, value json);
                CREATE TABLE as_jsonb (line integer, value jsonb)""");
        engine = OpenEngine.in(TestHome.in(directory)
                .with("jobs/load-lines.yml", JOB)
                .on(database)
                .home());
        asJson = engine.run("load-lines", "file=" + file, "table=as_json");
        asJsonb = engine.run("load-lines", "file=" + file, "table=as_jsonb");
    }

    private static byte[] lines() {
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        int line = 1;
        for (JsonCase c : cases) {
            lines.writeBytes("{\"line\":%d}\n{\"line\":%d,\"value\":"
                    .formatted(line, line + 1)
                    .getBytes(StandardCharsets.UTF_8));
            lines.writeBytes(c.bytes());
            lines.writeBytes("}\n".getBytes(StandardCharsets.UTF_8));
            line += 2;
        }
        lines.writeBytes("{\"line\":%d}\n".formatted(line).getBytes(StandardCharsets.UTF_8));
        return lines.toByteArray();
    }

    @AfterAll
    static void drop() {
        engine.close();
        database.close();
    }

    @Test
    void everyNeighbourIsLoaded() {
        for (String table : List.of("as_json", "as_jsonb")) {
            assertThat(database.value("SELECT count(*) FROM " + table + " WHERE line % 2 = 1 AND value IS NULL"))
                    .isEqualTo(Integer.toString(cases.size() + 1));
        }
    }

    @Test
    void whatIsJsonIsReadBackFromAJsonColumnAsItWasWritten() {
        for (int n = 0; n < cases.size(); n++) {
            JsonCase c = cases.get(n);
            Optional<String> value = value("as_json", 2 * n + 2);
            if (c.accepted()) {
                assertThat(value).as(c.name()).contains(c.text().strip());
            } else if (!c.rejected()) {
                value.ifPresent(
                        text -> assertThat(text).as(c.name()).isEqualTo(c.text().strip()));
            }
        }
    }

    @Test
    void jsonbTakesTheSameExceptWhatItCannotStore() {
        assertThat(database.value("SELECT count(*) FROM as_jsonb b JOIN as_json j ON j.line = b.line"
                        + " WHERE j.value::jsonb IS DISTINCT FROM b.value"))
                .isEqualTo("0");
        for (int n = 0; n < cases.size(); n++) {
            JsonCase c = cases.get(n);
            if (c.accepted()) {
                boolean nul = c.text().replace("\\\\", "").contains("\\u0000");
                assertThat(value("as_jsonb", 2 * n + 2).isEmpty()).as(c.name()).isEqualTo(nul);
                assertThat(rejects(asJsonb, 2 * n + 2)).as(c.name()).isEqualTo(nul ? "1 of 22P05" : "0 of ");
            }
        }
    }

    @Test
    void whatIsNoJsonIsOneRejectOfItsLine() {
        for (RunResult run : List.of(asJson, asJsonb)) {
            assertThat(run.exit()).isEqualTo(ExitCode.DONE);
            assertThat(run.rows().read()).isEqualTo(2L * cases.size() + 1);
            assertThat(database.value("SELECT count(DISTINCT line) FROM nightshift.reject WHERE run = " + run.run()))
                    .isEqualTo(Long.toString(run.rows().rejected()));
            for (int n = 0; n < cases.size(); n++) {
                if (cases.get(n).rejected()) {
                    assertThat(rejects(run, 2 * n + 2)).as(cases.get(n).name()).startsWith("1 of ");
                }
            }
        }
    }

    // None of these has a whole object on one line.
    @Test
    void casesOfSeveralLinesAsFilesGiveARejectForEachLine(@TempDir Path directory) throws IOException {
        for (JsonCase c : JsonCase.all().filter(c -> !c.isOneLine()).toList()) {
            Path file = Files.write(directory.resolve(c.name() + "l"), c.bytes());
            RunResult run = engine.run("load-lines", "file=" + file, "table=as_json");
            assertThat(run.exit()).isEqualTo(ExitCode.DONE);
            assertThat(run.rows().rejected())
                    .as(c.name())
                    .isEqualTo(c.text().lines().count())
                    .isEqualTo(run.rows().read());
        }
    }

    private static Optional<String> value(String table, int line) {
        return Optional.ofNullable(
                database.value("SELECT (SELECT value::text FROM %s WHERE line = %d)".formatted(table, line)));
    }

    private static String rejects(RunResult run, int line) {
        return String.valueOf(database.value(
                "SELECT count(*) || ' of ' || coalesce(min(sqlstate), '') FROM nightshift.reject WHERE run = %d AND line = %d"
                        .formatted(run.run(), line)));
    }
}
