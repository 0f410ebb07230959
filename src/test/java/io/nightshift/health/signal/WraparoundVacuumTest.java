package io.nightshift.health.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.nightshift.OtherSession;
import io.nightshift.TestDatabase;
import io.nightshift.TestHome;
import io.nightshift.TestRun;
import io.nightshift.content.Home;
import io.nightshift.database.Database;
import io.nightshift.run.books.RunResult;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** A vacuum against wraparound that the server itself has begun. */
@EnabledIf("onEmbeddedServer")
class WraparoundVacuumTest {

    private static final TestDatabase DATABASE = TestDatabase.create();
    private static final String AT_WORK =
            "SELECT count(*) > 0 FROM pg_stat_activity WHERE query = 'autovacuum: VACUUM public.old (to prevent"
                    + " wraparound)'";

    @TempDir
    Path directory;

    static boolean onEmbeddedServer() {
        return DATABASE.onEmbeddedServer();
    }

    @AfterEach
    void letTheServerBe() throws SQLException {
        administer("ALTER SYSTEM RESET autovacuum_naptime", "SELECT pg_reload_conf()", "DROP ROLE IF EXISTS blind");
    }

    @AfterAll
    static void drop() {
        DATABASE.close();
    }

    @Test
    void itHoldsARunOnItsTableUntilItIsOverAndIsSeenByEveryRole() throws Exception {
        try (Database database = DATABASE.open()) {
            database.createOwnTables();
        }
        // One row to a page, and a long rest after each page: the vacuum is at work until it is cancelled.
        DATABASE.execute(
                """
                CREATE TABLE old (id bigint PRIMARY KEY, done boolean NOT NULL DEFAULT false, filler text)
                  WITH (autovacuum_freeze_max_age = 100000, autovacuum_vacuum_cost_delay = 100,
                    autovacuum_vacuum_cost_limit = 1);
                ALTER TABLE old ALTER COLUMN filler SET STORAGE PLAIN;
                INSERT INTO old (id, filler) SELECT n, repeat('x', 6000) FROM generate_series(1, 200) n""");
        Home home = TestHome.in(directory)
                .with("jobs/close-old.yml", "steps:\n  - update: {table: old, keys: old.open, apply: old.close}\n")
                .with(
                        "mappers/old.xml",
                        """
                        <mapper namespace="old">
                          <select id="open">
                            /* nightshift: old.open */
                            SELECT id FROM old WHERE NOT done
                          </select>
                          <update id="close">
                            /* nightshift: old.close */
                            UPDATE old SET done = true WHERE id = ANY (#{keys}) AND NOT done
                          </update>
                        </mapper>
                        """)
                .on(DATABASE)
                .home();
        administer("ALTER SYSTEM SET autovacuum_naptime = '1s'", "SELECT pg_reload_conf()");
        grow100000TransactionsOlder();
        assumeTrue(itComes(), "the server's autovacuum is busy with other databases");

        String seen = "a vacuum against wraparound is at work on (public\\.)?old, whose age is 1\\d\\d,\\d\\d\\d"
                + " transactions";
        administer("CREATE ROLE blind LOGIN PASSWORD 'blind'");
        assertThat(look(DATABASE.connect())).matches(seen);
        assertThat(look(blind())).matches(seen);
        CompletableFuture<RunResult> run = TestRun.inBackground(home, "close-old");
        OtherSession.await(
                DATABASE,
                run,
                "SELECT count(*) > 0 FROM nightshift.event WHERE kind = 'hold' AND message LIKE 'waits: a vacuum"
                        + " against %'");
        assertThat(DATABASE.value("SELECT count(*) FROM old WHERE done")).isEqualTo("0");
        CompletableFuture<Void> noneNeeded =
                CompletableFuture.runAsync(() -> DATABASE.execute("ALTER TABLE old RESET (autovacuum_freeze_max_age)"));
        administer(AT_WORK.replace("count(*) > 0", "pg_cancel_backend(pid)"));
        noneNeeded.join();

        assertThat(run.join().problem()).isEmpty();
        assertThat(DATABASE.value("SELECT count(*) FROM old WHERE done")).isEqualTo("200");
        assertThat(DATABASE.value(AT_WORK)).isEqualTo("f");
    }

    /** The server goes round all its databases, and begins anew when its settings are read. */
    private static boolean itComes() throws SQLException, InterruptedException {
        for (int look = 1; look <= 150; look++) {
            if ("t".equals(DATABASE.value(AT_WORK))) {
                return true;
            }
            if (look % 50 == 0) {
                administer("SELECT pg_reload_conf()");
            }
            Thread.sleep(100);
        }
        return false;
    }

    /** Each subtransaction that writes takes a number. */
    private static void grow100000TransactionsOlder() {
        DATABASE.execute(
                """
                CREATE TEMPORARY TABLE numbers (n int);
                DO $$
                BEGIN
                  FOR n IN 1..100100 LOOP
                    BEGIN
                      INSERT INTO numbers VALUES (n);
                    EXCEPTION WHEN division_by_zero THEN
                      NULL;
                    END;
                  END LOOP;
                END
                $$""");
    }

    private static String look(Connection connection) throws SQLException {
        try (connection) {
            return new WraparoundVacuum(() -> List.of("public.old", "no_such_table"))
                    .look(connection)
                    .hold()
                    .orElse("nothing seen");
        }
    }

    private static Connection blind() throws SQLException {
        return DriverManager.getConnection(
                "jdbc:" + DATABASE.url("blind", "blind").replaceFirst("blind:blind@", ""), "blind", "blind");
    }

    private static void administer(String... statements) throws SQLException {
        try (Connection connection = DATABASE.connectAsAdministrator();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }
}
