package io.nightshift.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.TestDatabase;
import io.nightshift.TestHome;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** With {@code --json}, standard output is one document and nothing else, whatever libraries would like to say. */
class JsonDocumentTest {

    private static final TestDatabase DATABASE = TestDatabase.create();

    @TempDir
    private static Path home;

    @BeforeAll
    static void aHomeThatHasRunOnce() {
        TestHome.in(home)
                .with("migrations/V1__create_words.sql", "CREATE TABLE words (word text PRIMARY KEY, n int);")
                .with(
                        "mappers/words.xml",
                        """
                        <mapper namespace="words">
                          <update id="wait">
                            /* nightshift: words.wait */
                            UPDATE words SET n = 1 FROM (SELECT pg_sleep(6)) pause
                          </update>
                          <update id="number">
                            /* nightshift: words.number */
                            UPDATE words SET n = 1
                          </update>
                        </mapper>
                        """)
                .with("words.csv", "word\nmoss\nfern\n")
                .with(
                        "jobs/load-words.yml",
                        """
                        description: Load words.
                        schedule: {cron: "30 1 * * *", zone: UTC}
                        steps:
                          - load: {from: words.csv, into: words}
                          - sql: words.number
                        """)
                .with("jobs/wait-long.yml", "description: Wait.\nsteps:\n  - sql: words.wait\n")
                .on(DATABASE);
        assertThat(Answer.to("--home", home.toString(), "migrate", "up").exit()).isZero();
        assertThat(Answer.to("--home", home.toString(), "run", "load-words").exit())
                .isZero();
    }

    @AfterAll
    static void drop() {
        DATABASE.close();
    }

    @ProcessTest
    void aRunEndsWithTheDocumentThatScriptsRelyOnAndSaysMeanwhileHowItStands() {
        ProgramRun run = ProgramRun.in(home, "run", "wait-long", "--json");

        assertThat(run.exit()).isZero();
        assertThat(run.document().keySet())
                .containsExactly("format", "run", "job", "status", "exit", "attempts", "seconds", "rows", "steps");
        assertThat(run.document())
                .containsEntry("format", 1)
                .containsEntry("job", "wait-long")
                .containsEntry("status", "COMPLETED")
                .containsEntry("exit", 0)
                .containsEntry("attempts", 1);
        assertThat(((Map<?, ?>) run.document().get("rows")).keySet())
                .asString()
                .isEqualTo("[read, written, rejected, skipped]");
        assertThat(((Map<?, ?>) ((List<?>) run.document().get("steps")).get(0)).keySet())
                .asString()
                .isEqualTo("[name, kind, status, read, written, rejected, skipped, chunks, retries, seconds]");
        assertThat(run.err()).contains("Started run ", "words.wait: 0 rows, 0 rows/s", "words.wait: 2 rows in ");
    }

    @ParameterizedTest
    @Execution(ExecutionMode.CONCURRENT)
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            plan load-words        | 0 | format job parameters steps
            check                  | 0 | format exit jobs problems warnings notes
            status                 | 0 | format runs
            history                | 0 | format runs
            prove 1                | 0 | format run job state holds explained steps
            show 1                 | 0 | format run
            rejects 1              | 0 | format run groups
            rejects 1 --csv        | 0 | format run groups
            schedule               | 0 | format
            migrate status         | 0 | format migrations
            migrate up             | 0 | format applied
            db status              | 0 | format running pid port kept folder
            stop 1                 | 3 | format exit problems
            resume 1               | 3 | format exit problems
            abandon 1              | 3 | format exit problems
            show 99                | 2 | format exit problems
            init                   | 2 | format exit problems
            nonsense               | 2 | format exit problems
            """)
    void everyCommandAnswersWithOneDocument(String words, int exit, String keys) {
        ProgramRun run = ProgramRun.in(
                home,
                Stream.concat(Stream.of(words.split(" ")), Stream.of("--json")).toArray(String[]::new));

        assertThat(run.exit()).as(run.terminal()).isEqualTo(exit);
        assertThat(run.document()).containsEntry("format", 1);
        assertThat(run.document().keySet()).containsAll(List.of(keys.split(" ")));
        assertThat(run.err()).isEmpty();
    }
}
