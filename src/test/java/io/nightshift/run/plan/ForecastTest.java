package io.nightshift.run.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.ItemsJob;
import io.nightshift.OtherSession;
import io.nightshift.TestDatabase;
import io.nightshift.TestHome;
import io.nightshift.TestRun;
import io.nightshift.content.Home;
import io.nightshift.content.Settings;
import io.nightshift.database.Database;
import io.nightshift.run.books.RunResult;
import io.nightshift.run.history.History;
import io.nightshift.run.history.RunDetails;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ForecastTest {

    static final TestDatabase DATABASE = TestDatabase.create();

    @TempDir
    Path directory;

    @AfterAll
    static void drop() {
        DATABASE.close();
    }

    @Test
    void aForecastIsNoFasterThanTheRate() {
        Forecast seen = new Forecast(Duration.ofSeconds(1), Duration.ofSeconds(2), "as fast as run 1");

        assertThat(seen.atMost(1000, 500)).isEqualTo(seen);
        assertThat(seen.atMost(1000, 1500).from()).isEqualTo(Duration.ofMillis(1500));
        assertThat(seen.atMost(1000, 1500).to()).isEqualTo(Duration.ofSeconds(2));
        assertThat(seen.atMost(1000, 10_000))
                .isEqualTo(new Forecast(
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(11),
                        "as fast as run 1, and no faster than its rate of 1,000 rows/s"));

        ItemsJob items = ItemsJob.on(DATABASE, "slow-items");
        Home home = items.home(directory);
        String job = "steps:\n  - update: {name: items, table: items, keys: items.open, apply: items.close%s}\n";
        TestHome.in(directory).with("jobs/slow-items.yml", job.formatted(""));
        TestRun.of(home, "slow-items");
        DATABASE.execute("UPDATE items SET done = false");
        TestHome.in(directory).with("jobs/slow-items.yml", job.formatted(", rate: 1"));

        assertThat(plan(home, "slow-items").forecasts().get("items").from()).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void aPlanForecastsFromEarlierRunsAndOnlyFromThoseThatAreLikeIt() {
        ItemsJob items = ItemsJob.on(DATABASE, "close-items");
        Home home = items.home(directory);
        TestHome.in(directory)
                .with(
                        "jobs/close-items.yml",
                        """
                        chunk: 1
                        steps:
                          - update: {name: items, table: items, keys: items.open, apply: items.close}
                          - sql: {name: analyze, statement: items.analyze}
                        """)
                .with(
                        "mappers/items.xml",
                        ItemsJob.MAPPER.replace(
                                "</mapper>",
                                """
                          <update id="analyze">/* nightshift: items.analyze */
                            ANALYZE items</update>
                        </mapper>
                        """));
        assertThat(plan(home, "close-items").whole()).isEmpty();

        RunResult run = TestRun.of(home, "close-items");
        DATABASE.execute("UPDATE items SET done = false");
        Planner.JobPlan likeIt = plan(home, "close-items");
        DATABASE.execute("INSERT INTO items (id) SELECT n FROM generate_series(11, 1000) n");
        Planner.JobPlan hundredTimes = plan(home, "close-items");

        Forecast step = likeIt.forecasts().get("items");
        assertThat(step.ground())
                .startsWith("as fast as run " + run.run() + ": ")
                .endsWith(" rows/s");
        assertThat(Duration.ofMillis((long) (run.steps().get(0).seconds() * 1000)))
                .as("what it took then lies in the range")
                .isBetween(step.from(), step.to());
        assertThat(likeIt.whole().orElseThrow().to()).isGreaterThan(step.to());
        assertThat(hundredTimes.forecasts())
                .as("ten rows say nothing of a thousand")
                .containsOnlyKeys("analyze");
        assertThat(hundredTimes.whole()).isEmpty();
    }

    @Test
    void theEndOfARunUnderWayIsForecastFromItsOwnSpeedAndWaitingCounts() {
        ItemsJob items = ItemsJob.on(DATABASE, "mark-items");
        Home home = items.home(directory);
        // An earlier run that is like it must not be an answer to how long one waits.
        TestRun.of(home, "mark-items");
        DATABASE.execute("UPDATE items SET done = false, times = 0; UPDATE gates SET times = 0");
        try (OtherSession gate = items.holdAt(8);
                Database database = Database.open(home, Settings.of(home), Database.Access.READ)) {
            CompletableFuture<RunResult> run = TestRun.inBackground(home, "mark-items");
            gate.awaitWaiting(run, "items.close");

            // As if each of the seven chunks had taken a minute, the last one until a second ago.
            DATABASE.execute(
                    """
                    UPDATE nightshift.ledger l
                    SET started_at = clock_timestamp() - (8 - l.last[1]::int) * interval '1 minute',
                      millis = 59000
                    WHERE run = (SELECT max(run) FROM nightshift.run)""");
            Forecasts.Expected soon = expected(database);
            pass("30 seconds");
            Forecasts.Expected later = expected(database);
            pass("5 minutes");
            Forecasts.Expected never = expected(database);

            assertThat(soon.step().orElseThrow().ground()).startsWith("as fast as in this attempt: ");
            assertThat(Duration.ofMinutes(3))
                    .isBetween(soon.step().get().from(), soon.step().get().to());
            assertThat(soon.run()).as("the only step is the whole run").isEqualTo(soon.step());
            assertThat(later.step().orElseThrow().to())
                    .isGreaterThan(soon.step().get().to());
            assertThat(never.run()).isEmpty();
            assertThat(never.none()).startsWith("nothing was committed for 5 min");
            gate.commit();
            run.join();
        }
    }

    @Test
    void theEndOfARunUnderWayIsNoSoonerThanItsRateAllowsAndNotKnownWhileAllIsHeld() {
        ItemsJob items = ItemsJob.on(DATABASE, "mark-items");
        Home home = items.home(directory);
        TestHome.in(directory)
                .with(
                        "jobs/mark-items.yml",
                        """
                        chunk: 1
                        lock-timeout: none
                        target-duration: none
                        steps:
                          - update: {name: items, table: items, keys: items.open, apply: items.close, rate: 100}
                          - update: {name: again, table: items, keys: items.open, apply: items.close}
                        """);
        TestRun.of(home, "mark-items");
        DATABASE.execute("UPDATE items SET done = false, times = 0; UPDATE gates SET times = 0");
        try (OtherSession gate = items.holdAt(8);
                Database database = Database.open(home, Settings.of(home), Database.Access.READ)) {
            CompletableFuture<RunResult> run = TestRun.inBackground(home, "mark-items");
            gate.awaitWaiting(run, "items.close");

            // As if each of the seven chunks had done a thousand of ten thousand rows in a second.
            DATABASE.execute(
                    """
                    UPDATE nightshift.step SET total = 10000 WHERE run = (SELECT max(run) FROM nightshift.run);
                    UPDATE nightshift.ledger l
                    SET started_at = clock_timestamp() - (8 - l.last[1]::int) * interval '1 s', millis = 999,
                      read = 1000, written = 1000
                    WHERE run = (SELECT max(run) FROM nightshift.run)""");
            String tune =
                    """
                    INSERT INTO nightshift.tuning (run, rate)
                    VALUES ((SELECT max(run) FROM nightshift.run), %1$d)
                    ON CONFLICT (run) DO UPDATE SET rate = %1$d""";
            DATABASE.execute(tune.formatted(0));
            Forecasts.Expected free = expected(database);
            DATABASE.execute("DELETE FROM nightshift.tuning");
            Forecasts.Expected asWritten = expected(database);
            DATABASE.execute(tune.formatted(10));
            Forecasts.Expected tuned = expected(database);
            DATABASE.execute("INSERT INTO nightshift.brake (who) VALUES ('somebody')");
            Forecasts.Expected held = expected(database);
            DATABASE.execute("DELETE FROM nightshift.brake; DELETE FROM nightshift.tuning");

            assertThat(free.step().orElseThrow().ground()).doesNotContain("rate");
            assertThat(asWritten.step().orElseThrow().from()).isGreaterThanOrEqualTo(Duration.ofSeconds(30));
            assertThat(tuned.step().orElseThrow().from()).isGreaterThanOrEqualTo(Duration.ofSeconds(300));
            assertThat(tuned.step().get().ground()).endsWith(", and no faster than its rate of 10 rows/s");
            assertThat(tuned.run().orElseThrow().from())
                    .isGreaterThanOrEqualTo(tuned.step().get().from());
            assertThat(held)
                    .isEqualTo(new Forecasts.Expected(Optional.empty(), Optional.empty(), "everything is held"));
            gate.commit();
            run.join();
        }
    }

    /** Time without a chunk. */
    private static void pass(String time) {
        DATABASE.execute("UPDATE nightshift.ledger SET started_at = started_at - interval '" + time
                + "' WHERE run = (SELECT max(run) FROM nightshift.run)");
    }

    private static Forecasts.Expected expected(Database database) {
        History history = new History(database);
        History.Run run = history.unfinished().stream()
                .filter(each -> each.job().equals("mark-items"))
                .findFirst()
                .orElseThrow();
        return new Forecasts(database)
                .of(run, new RunDetails(database, run.run()).steps().get(0));
    }

    private static Planner.JobPlan plan(Home home, String job) {
        try (Database database = Database.open(home, Settings.of(home), Database.Access.READ)) {
            return new Planner(home, database).plan(TestRun.request(home, job));
        }
    }
}
