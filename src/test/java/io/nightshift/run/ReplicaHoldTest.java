package io.nightshift.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.DebianServer;
import io.nightshift.HealthLook;
import io.nightshift.ItemsJob;
import io.nightshift.OtherSession;
import io.nightshift.TestDatabase;
import io.nightshift.TestRun;
import io.nightshift.content.Home;
import io.nightshift.database.Database;
import io.nightshift.run.books.RunResult;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** A replica that lags, on servers of Debian's. */
@EnabledIf(value = "debianIsThere", disabledReason = "Debian's package postgresql is not installed")
class ReplicaHoldTest {

    private static DebianServer primary;
    private static DebianServer replica;
    private static TestDatabase database;

    @TempDir
    Path directory;

    static boolean debianIsThere() {
        return DebianServer.isInstalled();
    }

    @BeforeAll
    static void start() {
        primary = DebianServer.start();
        replica = primary.standby("replica_one");
        database = primary.database();
        try (Database own = database.open()) {
            own.createOwnTables();
        }
    }

    @AfterAll
    static void stop() {
        replica.close();
        primary.close();
    }

    @Test
    void aReplicaWhoseReplayStandsStillHoldsARunThatMaySeeIt() {
        ItemsJob items = ItemsJob.on(database, "replica-seen");
        Home home = items.home(directory, "health:", "  replica-lag: 500ms");
        primary.execute("GRANT pg_monitor TO loader");
        CompletableFuture<RunResult> run;
        replica.execute("SELECT pg_wal_replay_pause()");
        try (OtherSession gate = items.holdAt(2)) {
            run = TestRun.inBackground(home, "replica-seen");
            gate.awaitWaiting(run, "items.close");
            OtherSession.await(
                    database, run, "SELECT count(*) > 0 FROM pg_stat_replication WHERE replay_lag > interval '1 s'");
            HealthLook.await(database, run);
        }
        OtherSession.await(
                database,
                run,
                "SELECT EXISTS (SELECT FROM nightshift.health, unnest(reasons) r"
                        + " WHERE r LIKE 'replica replica_one is % behind (limit 500 ms)')");
        OtherSession.await(database, run, "SELECT count(*) > 0 FROM nightshift.event WHERE kind = 'hold'");
        assertThat(items.state())
                .as("the chunk under way was let through, and no other")
                .isEqualTo("2");
        replica.execute("SELECT pg_wal_replay_resume()");

        assertThat(run.join().problem()).isEmpty();
        assertThat(items.state()).isEqualTo("10");
        assertThat(database.value("SELECT message FROM nightshift.event WHERE kind = 'hold' ORDER BY id LIMIT 1"))
                .matches("waits: replica replica_one is .* behind \\(limit 500 ms\\)");
    }

    @Test
    void whatTheRoleMayNotSeeIsSaidToBeUnseen() {
        ItemsJob items = ItemsJob.on(database, "replica-unseen");
        Home home = items.home(directory);
        primary.execute("REVOKE pg_monitor FROM loader");

        RunResult result = TestRun.of(home, "replica-unseen");

        assertThat(result.problem()).isEmpty();
        assertThat(items.state()).isEqualTo("10");
        assertThat(database.value(
                        "SELECT message FROM nightshift.event WHERE kind = 'unseen' AND run = " + result.run()))
                .isEqualTo("replica lag: a replica is connected, but the role loader may not see how far behind;"
                        + " grant it pg_monitor");
    }
}
