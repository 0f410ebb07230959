package io.nightshift.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.HealthLook;
import io.nightshift.ItemsJob;
import io.nightshift.OtherSession;
import io.nightshift.TestDatabase;
import io.nightshift.TestHome;
import io.nightshift.TestRun;
import io.nightshift.content.Home;
import io.nightshift.run.books.RunResult;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The brake, and what can be changed on a running job, from the words typed to what the run does. */
class HoldCommandTest {

    @TempDir
    Path directory;

    private TestDatabase database;
    private ItemsJob items;
    private Home home;

    @BeforeEach
    void anItemsJob() {
        database = TestDatabase.create();
        items = ItemsJob.on(database, "items");
        home = items.home(directory);
    }

    @AfterEach
    void drop() {
        database.close();
    }

    @Test
    void holdLetsRunsWaitThatAreUnderWayAndThoseThatAreStartedUntilRelease() {
        String who = System.getProperty("user.name");
        CompletableFuture<RunResult> early;
        try (OtherSession gate = items.holdAt(3)) {
            early = TestRun.inBackground(home, "items");
            gate.awaitWaiting(early, "items.close");
            assertThat(to("hold", "the", "replica", "is", "replaced").out())
                    .startsWith("Everything is held by " + who + " since ")
                    .contains(": the replica is replaced. Runs wait at their next chunk boundary;");
            HealthLook.await(database, early);
        }
        OtherSession.await(database, early, waiting(1));
        assertThat(items.state())
                .as("the chunk under way was let through, and no other")
                .isEqualTo("3");
        TestHome.in(directory)
                .with("jobs/other.yml", "steps:\n  - sql: other.nothing\n")
                .with(
                        "mappers/other.xml",
                        """
                        <mapper namespace="other">
                          <select id="nothing">
                            /* nightshift: other.nothing */
                            SELECT 1
                          </select>
                        </mapper>
                        """);
        CompletableFuture<RunResult> late = TestRun.inBackground(home, "other");
        OtherSession.await(database, late, waiting(2));

        assertThat(to("status").out())
                .startsWith("Everything is held by " + who)
                .containsPattern("Run 2 of other: running for .*\\R  waits for .*: held by " + who
                        + " since .*Z: the replica is replaced");
        Map<String, Object> status = to("status", "--json").document();
        assertThat(status.get("hold").toString()).contains("who=" + who, "reason=the replica is replaced");
        assertThat(((List<?>) status.get("runs")).get(0).toString())
                .contains("waiting={since=", "reasons=[held by " + who, "unseen=[]");
        assertThat(to("hold", "--json").document().get("hold").toString())
                .as("who held it first stays written down")
                .contains("reason=the replica is replaced");

        // Waits of less than a second are only summed up at the end.
        OtherSession.await(
                database,
                early,
                "SELECT count(*) = 2 FROM nightshift.event WHERE run IN (1, 2) AND message LIKE 'waits: %'");
        assertThat(to("release", "--json").document().get("released").toString())
                .contains("reason=the replica is replaced");
        assertThat(Stream.of(early, late).map(run -> run.join().status())).containsOnly("COMPLETED");
        assertThat(to("release").out()).isEqualToNormalizingNewlines("Nothing was held.\n");
        assertThat(to("show", "1").out()).contains("waits: held by " + who).contains("goes on after ");
        assertThat(database.value("SELECT string_agg(kind, ' ' ORDER BY id) FROM nightshift.event WHERE run IS NULL"))
                .isEqualTo("hold release");
        assertThat(to("status", "--json").document()).containsEntry("hold", null);
    }

    @Test
    void theBrakeOutlivesTheProcessThatWaitsForIt() {
        to("hold");
        StartedProgram waiting =
                StartedProgram.in(directory, Map.of(), "run", "items").untilItSays("The run waits: held by ");
        waiting.kill();

        assertThat(to("status").out()).contains("its process is gone").doesNotContain("waits for");
        CompletableFuture<RunResult> run = TestRun.inBackground(home, "items");
        OtherSession.await(database, run, waiting(1));
        assertThat(items.state()).isEqualTo("0");
        to("release");
        assertThat(run.join().status()).isEqualTo("COMPLETED");
    }

    @Test
    void aRunThatWaitsCanBeStopped() {
        to("hold");
        CompletableFuture<RunResult> run = TestRun.inBackground(home, "items");
        OtherSession.await(database, run, waiting(1));

        assertThat(to("stop", "1").out()).contains("Run 1 has stopped.");

        assertThat(run.join().status()).isEqualTo("STOPPED");
        assertThat(database.value("SELECT count(*) FROM nightshift.step"))
                .as("nothing was opened")
                .isEqualTo("0");
    }

    @Test
    void theRateOfARunningJobIsChanged() {
        TestHome.in(directory)
                .with(
                        "jobs/items.yml",
                        """
                        chunk: 2
                        target-duration: none
                        rate: 1
                        steps:
                          - update: {name: items, table: items, keys: items.open, apply: items.close}
                        """);
        CompletableFuture<RunResult> run = TestRun.inBackground(home, "items");
        OtherSession.await(database, run, "SELECT count(*) = 2 FROM items WHERE done");
        database.execute("UPDATE items SET done = true, times = 1 WHERE id > 8");

        assertThat(to("tune", "1", "rate=none").out())
                .isEqualToNormalizingNewlines(
                        "Run 1 works with: as fast as possible. It hears of it within a second.\n");

        assertThat(run.join().status()).isEqualTo("COMPLETED");
        assertThat(to("show", "1").out()).containsPattern("tune +\\S+ +as fast as possible");
        assertThat(to("tune", "1", "rate=5").exit()).isEqualTo(3);
    }

    @Test
    void connectionsAreTakenFromARunningJobAndGivenBack() {
        TestHome.in(directory)
                .with(
                        "jobs/items.yml",
                        """
                        chunk: 1
                        target-duration: none
                        connections: 2
                        lock-timeout: none
                        steps:
                          - update: {name: items, table: items, keys: items.open, apply: items.close}
                        """);
        CompletableFuture<RunResult> run;
        try (OtherSession first = items.holdAt(1);
                OtherSession second = items.holdAt(2)) {
            run = TestRun.inBackground(home, "items");
            first.awaitWaiting(run, "items.close");
            assertThat(to("tune", "1", "connections=1", "target-duration=50ms", "--json")
                            .document())
                    .containsEntry("heard", true)
                    .extracting("tuning")
                    .hasToString("{connections=1, rate=null, targetSeconds=0.05}");
            HealthLook.await(database, run);
            // The chunk of item 1 keeps the only turn: the other connection comes to rest.
            OtherSession.await(
                    database,
                    run,
                    "SELECT count(*) = 1 FROM pg_stat_activity WHERE application_name LIKE 'nightshift items 1 %'");
            String before = items.state();
            assertThat(to("status").out()).contains("tuned: 1 connection, chunks of 50 ms");
            assertThat(items.state()).isEqualTo(before);
            to("tune", "1", "connections=default");
            assertThat(to("tune", "1").out()).isEqualToNormalizingNewlines("Run 1 works with: chunks of 50 ms.\n");
        }
        assertThat(run.join().status()).isEqualTo("COMPLETED");
        assertThat(items.state()).isEqualTo("10");
    }

    @Test
    void whatCannotBeChangedIsSaid() {
        Answer answer = to("tune", "1", "rate=fast", "chunk=5", "connections=0", "target-duration=1 week");

        assertThat(answer.exit()).isEqualTo(2);
        assertThat(answer.err())
                .contains(
                        "\"fast\" is no number of rows per second",
                        "there is no \"chunk\" to change",
                        "\"0\" is no number of connections from 1 to 100",
                        "\"1 week\" is no time for a chunk");
        assertThat(to("tune", "1", "connections=101").err()).contains("\"101\" is no number of connections");
        assertThat(to("tune", "7", "rate=5").err()).contains("run 7: there is no run of this number");
    }

    private static String waiting(int runs) {
        return "SELECT count(*) = %d FROM nightshift.health WHERE waiting_since IS NOT NULL".formatted(runs);
    }

    private Answer to(String... words) {
        return Answer.to(Stream.concat(Stream.of(words), Stream.of("--home", directory.toString()))
                .toArray(String[]::new));
    }
}
