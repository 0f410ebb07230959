package io.nightshift.step.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.problem.ExitCode;
import io.nightshift.problem.Problem;
import io.nightshift.run.books.RunResult;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which files a load takes, and how it goes on with them after it has been interrupted. */
class LoadFilesTest {

    private static final String THOUSAND_LINES =
            "id\n" + IntStream.rangeClosed(1, 1000).mapToObj(i -> i + "\n").collect(Collectors.joining());

    @RegisterExtension
    final LoadBench bench = new LoadBench();

    private final InputStream standardInput = System.in;

    @BeforeEach
    void createTable() {
        bench.execute("CREATE TABLE t (id text)");
    }

    @AfterEach
    void everyRecordIsAccountedFor() {
        System.setIn(standardInput);
        bench.everyRecordIsAccountedFor();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "from: [b.csv, a.csv, packed.csv.gz, packed.csv]",
                "from: \"*.c*\"",
                "from: \"{a,b}.csv\"",
                "from: \"[ab].csv\"",
                "from: \"**/{a,b}.csv\"",
                "from-first: [none.csv, \"{a,b}.csv{,.gz}\", \"*\"]"
            })
    void listsGlobsAndAlternativesNameFiles(String source) {
        bench.file("a.csv", "id\na\n");
        bench.file("b.csv", "id\nb\n");
        boolean all = source.contains("packed") || source.contains("*.c*");
        if (all) {
            bench.file("packed.csv.gz", LoadBench.gzip("id\nc\n"));
            bench.file("packed.csv", LoadBench.gzip("id\nd\n"));
        } else {
            bench.home().with("deep/er/x.csv", "id\nx\n");
        }
        done(bench.run(source, "into: t"));
        assertThat(bench.rows("SELECT id FROM t ORDER BY id"))
                .containsExactlyElementsOf(all ? List.of("a", "b", "c", "d") : List.of("a", "b"));
        assertThat(bench.rows("SELECT substring(path FROM '[^/]*$') FROM nightshift.file ORDER BY file"))
                .containsExactlyElementsOf(
                        all ? List.of("a.csv", "b.csv", "packed.csv", "packed.csv.gz") : List.of("a.csv", "b.csv"));
    }

    @Test
    void standardInputIsCopiedFirstAndReadFromTheCopy() throws Exception {
        System.setIn(new ByteArrayInputStream("id\n1\n2\n".getBytes(StandardCharsets.UTF_8)));
        RunResult result = done(bench.run("from: \"-\"", "into: t"));
        assertThat(bench.rows("SELECT id FROM t")).containsExactly("1", "2");
        Path copy = Path.of(bench.rows("SELECT path FROM nightshift.file").get(0));
        assertThat(copy).hasContent("id\n1\n2\n").endsWithRaw(Path.of(".nightshift/spool/" + result.run() + "-t"));

        System.setIn(new ByteArrayInputStream("id\n3\n".getBytes(StandardCharsets.UTF_8)));
        done(bench.run("from: \"-\"", "into: t"));
        assertThat(bench.rows("SELECT id FROM t")).containsExactly("1", "2", "3");
        assertThat(Files.exists(copy)).isFalse();
    }

    @Test
    void whatCameThroughAPipeIsStillThereForTheNextAttempt() {
        System.setIn(new ByteArrayInputStream(
                THOUSAND_LINES.replace("\n500\n", "\nfive hundred\n").getBytes(StandardCharsets.UTF_8)));
        bench.execute("ALTER TABLE t ALTER id TYPE integer USING id::integer");
        RunResult failed = bench.run("from: \"-\"", "into: t", "chunk: 100");
        assertThat(failed.exit()).isEqualTo(ExitCode.FAILED);
        assertThat(bench.rows("SELECT count(*), max(id) FROM t")).containsExactly("499|499");
        System.setIn(InputStream.nullInputStream());
        bench.execute("DELETE FROM nightshift.reject");
        bench.execute("UPDATE nightshift.ledger SET rejected = 0, skipped = 1 WHERE rejected = 1");
        done(bench.resume(failed.run()));
        assertThat(bench.rows("SELECT count(*), max(id) FROM t")).containsExactly("999|1000");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aLoadThatDiesInsideAFileGoesOnThereWithoutARowTwice(boolean packed) {
        bench.execute("ALTER TABLE t ALTER id TYPE integer USING id::integer");
        bench.execute(
                """
                CREATE TABLE deaths (at integer);
                CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                  IF NEW.id = 777 AND (SELECT count(*) FROM deaths) > 0 THEN
                    PERFORM pg_terminate_backend(pg_backend_pid());
                  END IF;
                  RETURN NEW;
                END $$;
                CREATE TRIGGER die BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION die();
                INSERT INTO deaths VALUES (777)""");
        bench.home().with("config/application.yml", withoutRetries());
        bench.file("in.csv", packed ? LoadBench.gzip(THOUSAND_LINES) : THOUSAND_LINES.getBytes(StandardCharsets.UTF_8));
        RunResult failed = bench.load("into: t", "chunk: 100");
        assertThat(failed.exit()).isEqualTo(ExitCode.FAILED);
        assertThat(bench.rows("SELECT count(*) = max(id), max(id) BETWEEN 100 AND 776 FROM t"))
                .containsExactly("t|t");
        bench.execute("DELETE FROM deaths");
        RunResult resumed = done(bench.resume(failed.run()));
        assertThat(bench.rows("SELECT count(*), count(DISTINCT id), max(id) FROM t"))
                .containsExactly("1000|1000|1000");
        assertThat(resumed.rows().written()).isEqualTo(1000);
        assertThat(resumed.attempts()).isEqualTo(2);
    }

    @Test
    void aFailedRunWithAHigherLimitIsANewRunThatLoadsTheWholeFile() {
        bench.execute("ALTER TABLE t ALTER id TYPE integer USING id::integer; ALTER TABLE t ADD PRIMARY KEY (id)");
        bench.merge("insert", "INSERT INTO t (id) SELECT id FROM loaded ON CONFLICT DO NOTHING");
        bench.file("in.csv", THOUSAND_LINES.replace("\n500\n", "\nfive hundred\n"));
        RunResult failed = bench.load("merge: t.mergeLoaded");
        assertThat(failed.exit()).isEqualTo(ExitCode.FAILED);
        assertThat(failed.problem().map(Problem::what))
                .contains("1 of 500 were rejected, more than its reject-limit of 0");
        assertThat(bench.rows("SELECT count(*) FROM t")).containsExactly("499");
        bench.job("from: in.csv", "merge: t.mergeLoaded", "reject-limit: 1");
        RunResult whole = done(bench.fresh());
        assertThat(whole.rows().written()).isEqualTo(500);
        assertThat(whole.rows().skipped()).isEqualTo(499);
        assertThat(bench.rows("SELECT count(*) FROM t")).containsExactly("999");
    }

    @Test
    void aFileThatHasChangedSinceIsRefused() {
        bench.execute("ALTER TABLE t ALTER id TYPE integer USING id::integer");
        Path file = bench.file("in.csv", THOUSAND_LINES.replace("\n500\n", "\nfive hundred\n"));
        RunResult failed = bench.load("into: t");
        bench.file("in.csv", THOUSAND_LINES);
        RunResult refused = bench.resume(failed.run());
        assertThat(refused.exit()).isEqualTo(ExitCode.REFUSED);
        assertThat(refused.problem())
                .contains(new Problem(
                        file.toString(),
                        "has changed or is gone since run " + failed.run() + " began to load it",
                        "What was committed stays. Put the file back and resume, or start anew: nightshift run load-t"
                                + " --new"));
        assertThat(bench.rows("SELECT count(*) FROM t")).containsExactly("499");
    }

    private String withoutRetries() {
        return bench.settings().replaceFirst("nightshift:\n", "nightshift:\n  run:\n    retries: 0\n");
    }

    private static RunResult done(RunResult result) {
        assertThat(result.problem()).isEmpty();
        assertThat(result.exit()).isEqualTo(ExitCode.DONE);
        return result;
    }
}
