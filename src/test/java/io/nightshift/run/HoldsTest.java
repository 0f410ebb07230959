package io.nightshift.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.HealthLook;
import io.nightshift.ItemsJob;
import io.nightshift.OtherSession;
import io.nightshift.TestDatabase;
import io.nightshift.TestHome;
import io.nightshift.TestRun;
import io.nightshift.content.Home;
import io.nightshift.database.Database;
import io.nightshift.problem.ExitCode;
import io.nightshift.problem.Problem;
import io.nightshift.run.books.RunResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** Every hold made true on a real server: it holds, names itself, and lets go. */
class HoldsTest {

    private static final TestDatabase DATABASE = TestDatabase.create();

    private static final String AT_GATES =
            "SELECT count(*) = %d FROM pg_stat_activity WHERE datname = current_database()"
                    + " AND wait_event_type = 'Lock' AND query LIKE '%%nightshift: items.close%%'";

    @TempDir
    Path directory;

    @BeforeAll
    static void makeTables() {
        try (Database database = DATABASE.open()) {
            database.createOwnTables();
        }
    }

    @AfterAll
    static void drop() {
        DATABASE.close();
    }

    static boolean onEmbeddedServer() {
        return DATABASE.onEmbeddedServer();
    }

    @Test
    void anOperatorsCheckHoldsARunInItsOwnWords() {
        ItemsJob items = ItemsJob.on(DATABASE, "checked");
        DATABASE.execute("DROP TABLE IF EXISTS orders; CREATE TABLE orders (id int); INSERT INTO orders VALUES (1)");
        Home home = items.home(directory);
        home = with(home, "checked", "holds: {check: orders.open}").home();

        CompletableFuture<RunResult> run = TestRun.inBackground(home, "checked");
        awaitReason(run, "orders.open: 1 orders wait to be shipped");
        awaitEvent(run, "hold", "waits: orders.open: 1 orders wait to be shipped");
        assertThat(items.state()).isEqualTo("0");
        DATABASE.execute("DELETE FROM orders");

        assertThat(run.join().problem()).isEmpty();
        assertThat(items.state()).isEqualTo("10");
        assertThat(event(run.join().run(), "go-on")).startsWith("goes on after ");
        assertThat(DATABASE.value("SELECT count(*) FROM nightshift.health")).isEqualTo("0");
    }

    @Test
    void aCheckThatCannotBeAskedHoldsARunAndEndsItInTime() {
        ItemsJob items = ItemsJob.on(DATABASE, "unasked");
        Home home = items.home(directory);
        DATABASE.execute("DROP TABLE IF EXISTS orders");
        home = with(home, "unasked", "holds: {check: orders.open, at-most: 1s}").home();

        RunResult ended = TestRun.of(home, "unasked");

        assertThat(ended.exit()).isEqualTo(ExitCode.STOPPED);
        assertThat(ended.problem().map(Problem::what).orElseThrow())
                .startsWith("stopped before the end: it waited for 1.0 s, the longest that a hold may last:"
                        + " orders.open cannot be asked: ERROR: relation \"orders\" does not exist");
        assertThat(items.state()).isEqualTo("0");
    }

    @Test
    @EnabledIf("onEmbeddedServer")
    void aSlotThatNobodyReadsHoldsARun() {
        ItemsJob items = ItemsJob.on(DATABASE, "slot");
        Home home =
                with(items.home(directory), "slot", "holds: {retained-wal: 1B}").home();
        administer("SELECT pg_create_physical_replication_slot('forgotten', true)");
        CompletableFuture<RunResult> run;
        try {
            DATABASE.execute("CREATE TABLE IF NOT EXISTS filler AS SELECT n FROM generate_series(1, 1000) n");
            run = TestRun.inBackground(home, "slot");
            awaitReason(run, "replication slot forgotten, which nobody reads, retains %");
        } finally {
            administer("SELECT pg_drop_replication_slot('forgotten')");
        }

        assertThat(run.join().problem()).isEmpty();
        assertThat(items.state()).isEqualTo("10");
    }

    @Test
    void aBusyServerHoldsARunUntilItWritesLess() {
        ItemsJob items = ItemsJob.on(DATABASE, "wal");
        Home home =
                with(items.home(directory), "wal", "holds: {wal-rate: 500KB}").home();
        DATABASE.execute("DROP TABLE IF EXISTS filler; CREATE TABLE filler (n int, t text)");
        CompletableFuture<RunResult> run;
        try (OtherSession writer = OtherSession.on(DATABASE)) {
            try (OtherSession gate = items.holdAt(2)) {
                run = TestRun.inBackground(home, "wal");
                gate.awaitWaiting(run, "items.close");
                // Two megabytes at once are more than 500 KB/s for a few seconds.
                writer.execute("INSERT INTO filler SELECT n, repeat('x', 200) FROM generate_series(1, 10000) n");
                HealthLook.await(DATABASE, run);
            }
            awaitReason(run, "the server writes % of WAL per second (limit 500.0 KB)");
        }

        assertThat(run.join().problem()).isEmpty();
        assertThat(items.state()).isEqualTo("10");
        assertThat(event(run.join().run(), "go-on")).startsWith("goes on after ");
    }

    @Test
    void whoeverWaitsForALockOfOursKeepsTheOtherConnectionsFromTheirNextChunk() {
        ItemsJob items = ItemsJob.on(DATABASE, "queue");
        Home home = with(items.home(directory), "queue", "holds: {lock-queue: 100ms, yield-after: off}\nconnections: 2")
                .home();
        CompletableFuture<RunResult> run;
        try (OtherSession application = OtherSession.on(DATABASE);
                OtherSession first = items.holdAt(1);
                OtherSession second = items.holdAt(3)) {
            run = TestRun.inBackground(home, "queue");
            OtherSession.await(DATABASE, run, AT_GATES.formatted(2));
            application.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED");
            // The chunk of item 1 has locked its row and waits for the gate; the application waits for the row.
            CompletableFuture<Void> waiting = CompletableFuture.runAsync(
                    () -> application.execute("UPDATE items SET times = times WHERE id = 1"));
            HealthLook.await(DATABASE, run);
            second.commit();
            awaitReason(run, "session % (PostgreSQL JDBC Driver, of %) has waited % for a lock of ours (limit 100 ms)");
            assertThat(items.state()).as("item 3, whose chunk was under way").isEqualTo("1");
            first.commit();
            waiting.join();
            application.commit();
        }

        assertThat(run.join().problem()).isEmpty();
        assertThat(items.state()).isEqualTo("10");
    }

    @Test
    void aStatementThatKeepsSomebodyWaitingTooLongIsCancelledAndItsChunkTriedAgain() {
        ItemsJob items = ItemsJob.on(DATABASE, "yields");
        TestHome four = with(items.home(directory), "yields", "holds: {lock-queue: off, yield-after: 300ms}");
        String job = "jobs/yields.yml";
        Home home = four.with(job, text(four.root().resolve(job)).replace("chunk: 1", "chunk: 4"))
                .home();
        CompletableFuture<RunResult> run;
        try (OtherSession application = OtherSession.on(DATABASE);
                OtherSession gate = items.holdAt(1)) {
            DATABASE.execute("ALTER TABLE items ADD COLUMN note text");
            run = TestRun.inBackground(home, "yields");
            gate.awaitWaiting(run, "items.close");
            // Ends although the gate is still closed: the chunk has given its locks back.
            application
                    .execute("ALTER TABLE items ALTER COLUMN note SET DEFAULT ''")
                    .commit();
            gate.commit();
        }

        assertThat(run.join().problem()).isEmpty();
        assertThat(items.state()).isEqualTo("10");
        assertThat(event(run.join().run(), "yield"))
                .matches("cancelled our statement: session \\d+ \\(PostgreSQL JDBC Driver, of \\w+\\)"
                        + " had waited .* for its lock \\(limit 300 ms\\)");
        assertThat(event(run.join().run(), "retry")).endsWith("; halved to 2 rows and tried again at once");
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same home with further keys in the job file. */
    private TestHome with(Home home, String job, String keys) {
        return TestHome.in(home.root())
                .with(
                        "jobs/" + job + ".yml",
                        """
                        chunk: 1
                        target-duration: none
                        lock-timeout: none
                        %s
                        steps:
                          - update: {name: items, table: items, keys: items.open, apply: items.close}
                        """
                                .formatted(keys))
                .with(
                        "mappers/orders.xml",
                        """
                        <mapper namespace="orders">
                          <select id="open">
                            /* nightshift: orders.open */
                            SELECT count(*) || ' orders wait to be shipped'
                            FROM orders
                            HAVING count(*) > 0
                          </select>
                        </mapper>
                        """);
    }

    private static void awaitReason(Future<?> run, String like) {
        OtherSession.await(
                DATABASE,
                run,
                "SELECT EXISTS (SELECT FROM nightshift.health, unnest(reasons) r WHERE waiting_since IS NOT NULL AND r"
                        + " LIKE '"
                        + like + "')");
    }

    private static void awaitEvent(Future<?> run, String kind, String message) {
        OtherSession.await(
                DATABASE,
                run,
                "SELECT EXISTS (SELECT FROM nightshift.event WHERE kind = '%s' AND message = '%s')"
                        .formatted(kind, message));
    }

    private static String event(long run, String kind) {
        return DATABASE.value("SELECT message FROM nightshift.event WHERE run = %d AND kind = '%s' ORDER BY id DESC"
                .formatted(run, kind));
    }

    private static void administer(String sql) {
        try (Connection connection = DATABASE.connectAsAdministrator();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }
}
