package io.nightshift.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.OtherSession;
import io.nightshift.TestDatabase;
import io.nightshift.TestHome;
import io.nightshift.TestRun;
import io.nightshift.content.Home;
import io.nightshift.run.books.RunResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Chunks fail for reasons that pass, and are tried again by the same connection. */
class ChunkRetryTest {

    private static final TestDatabase DATABASE = TestDatabase.create();

    private static final String MAPPER =
            """
            <mapper namespace="items">
              <select id="open">
                /* nightshift: items.open */
                SELECT id
                FROM items
                WHERE NOT done
              </select>
              <update id="close">
                /* nightshift: items.close */
                UPDATE items
                SET done = true,
                  times = times + 1,
                  paused = pg_sleep(pause * cardinality(#{keys})) IS NULL
                WHERE id = ANY (#{keys})
                  AND NOT done
              </update>
              <select id="exported">
                /* nightshift: items.exported */
                SELECT id, pg_sleep(pause * cardinality(#{keys}))::text AS slept
                FROM items
                WHERE id = ANY (#{keys})
                ORDER BY id
              </select>
            </mapper>
            """;

    @TempDir
    Path directory;

    @AfterAll
    static void drop() {
        DATABASE.close();
    }

    @BeforeEach
    void items() {
        DATABASE.execute(
                """
                DROP TABLE IF EXISTS items;
                CREATE TABLE items (
                  id bigint PRIMARY KEY,
                  done boolean NOT NULL DEFAULT false,
                  times integer NOT NULL DEFAULT 0,
                  pause double precision NOT NULL DEFAULT 0,
                  paused boolean
                );
                INSERT INTO items (id) SELECT n FROM generate_series(1, 40) n""");
    }

    @Test
    void aDeadlockWithAnApplicationIsTriedAgainAndOnRecord() {
        Home home = home("deadlock", "update: {table: items, keys: items.open, apply: items.close}", "chunk: 10");
        RunResult result;
        // Both have to wait for each other; ours is the one that looks for a deadlock first.
        try (OtherSession application = OtherSession.ofAdministrator(DATABASE)) {
            application.execute("SET deadlock_timeout = '1min'; UPDATE items SET times = times WHERE id = 15");
            CompletableFuture<RunResult> run = TestRun.inBackground(home, "deadlock");
            application.awaitWaiting(run, "items.close");
            application.execute("UPDATE items SET times = times WHERE id = 11");
            application.commit();
            result = run.join();
        }
        assertThat(result.problem()).isEmpty();
        assertThat(result.attempts()).isEqualTo(1);
        assertThat(result.rows()).isEqualTo(new Counts(40, 40, 0, 0));
        assertThat(result.steps().get(0).retries()).isEqualTo(1);
        assertThat(doneOnce()).isEqualTo("40");
        assertThat(events(result))
                .matches("(?s)retry: piece 1 behind 10: deadlock detected \\(Process .*\\(SQLSTATE 40P01\\);"
                        + " tried again in 0\\.0\\d s, retried: piece 1 behind 10: went in at try 2");
    }

    @Test
    void aChunkThatTimesOutIsHalvedUntilItDoesNot() {
        DATABASE.execute("UPDATE items SET pause = 0.004");
        Home home = home(
                "slow",
                "update: {table: items, keys: items.open, apply: items.close}",
                "chunk: 40\nstatement-timeout: 800ms\ntarget-duration: none");

        RunResult result = TestRun.of(home, "slow");

        assertThat(result.problem()).isEmpty();
        assertThat(result.attempts()).isEqualTo(1);
        assertThat(result.rows()).isEqualTo(new Counts(40, 40, 0, 0));
        assertThat(doneOnce()).isEqualTo("40");
        assertThat(events(result))
                .startsWith("retry: piece 1 from its start: canceling statement due to statement timeout"
                        + " (SQLSTATE 57014); halved to 20 rows and tried again at once");
        assertThat(DATABASE.value("SELECT max(read) <= 20 FROM nightshift.ledger WHERE run = " + result.run()))
                .isEqualTo("t");
    }

    @Test
    void anExportThatTimesOutHasNoRowTwice() throws Exception {
        DATABASE.execute("UPDATE items SET pause = 0.004");
        Home home = home(
                "slow-export",
                "export: {keys: items.open, select: items.exported, file: out.csv}",
                "chunk: 40\nstatement-timeout: 800ms\ntarget-duration: none");

        RunResult result = TestRun.of(home, "slow-export");

        assertThat(result.problem()).isEmpty();
        assertThat(result.steps().get(0).retries()).isPositive();
        assertThat(Files.readAllLines(directory.resolve("out.csv"))).hasSize(41);
    }

    @Test
    void aLockThatIsKeptLongerThanTheJobWaitsIsAnotherAttempt() {
        Home home = home(
                "locked",
                "update: {table: items, keys: items.open, apply: items.close, lock: true}",
                "chunk: 10\nlock-timeout: 300ms\nretry-first: 100ms\nretries: 100");
        RunResult result;
        try (OtherSession application = OtherSession.on(DATABASE)) {
            application.execute("UPDATE items SET times = times WHERE id = 15");
            CompletableFuture<RunResult> run = TestRun.inBackground(home, "locked");
            OtherSession.await(
                    DATABASE,
                    run,
                    "SELECT count(*) > 2 FROM nightshift.attempt JOIN nightshift.run USING (run) WHERE job = 'locked'");
            application.commit();
            result = run.join();
        }
        assertThat(result.problem()).isEmpty();
        assertThat(result.attempts()).isGreaterThan(2);
        assertThat(result.rows()).isEqualTo(new Counts(40, 40, 0, 0));
        assertThat(doneOnce()).isEqualTo("40");
        assertThat(events(result))
                .contains("tried again in 0.0")
                .contains("canceling statement due to lock timeout (SQLSTATE 55P03); attempt again (1 of 100) in 0.");
    }

    private Home home(String job, String step, String options) {
        return TestHome.in(directory)
                .with("mappers/items.xml", MAPPER)
                .with("jobs/" + job + ".yml", options + "\nsteps:\n  - " + step + "\n")
                .on(DATABASE)
                .home();
    }

    private static String doneOnce() {
        return DATABASE.value("SELECT count(*) FROM items WHERE done AND times = 1");
    }

    private static String events(RunResult result) {
        return DATABASE.value(
                "SELECT string_agg(kind || ': ' || message, ', ' ORDER BY id) FROM nightshift.event WHERE run = "
                        + result.run());
    }
}
