package io.nightshift.keyed;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.TestDatabase;
import io.nightshift.TestHome;
import io.nightshift.TestRun;
import io.nightshift.chunk.Counts;
import io.nightshift.chunk.Progress;
import io.nightshift.content.Home;
import io.nightshift.content.Settings;
import io.nightshift.database.Database;
import io.nightshift.run.Engine;
import io.nightshift.run.books.RunResult;
import io.nightshift.run.plan.Planner;
import io.nightshift.run.plan.Rehearser;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How pages are read where PostgreSQL expects 750 keys and there are 50,000, and where few keys have an index of theirs. */
class PageOrderTest {

    private static final String MAPPER =
            """
            <mapper namespace="items">
              <select id="everyThird">
                /* nightshift: items.everyThird */
                SELECT id
                FROM items
                WHERE id % 3 = 0
              </select>
              <select id="deleted">
                /* nightshift: items.deleted */
                SELECT id
                FROM items
                WHERE deleted_at IS NOT NULL
              </select>
              <delete id="remove">
                /* nightshift: items.remove */
                DELETE FROM items
                WHERE id = ANY (#{keys})
              </delete>
            </mapper>
            """;

    @TempDir
    private Path directory;

    private TestDatabase database;
    private Home home;

    @BeforeEach
    void manyItems() {
        database = TestDatabase.create();
        database.execute(
                """
                CREATE TABLE items (id bigint PRIMARY KEY, deleted_at timestamptz) WITH (autovacuum_enabled = off);
                INSERT INTO items SELECT n, CASE WHEN n % 1000 = 1 THEN now() END FROM generate_series(1, 150000) n;
                CREATE INDEX items_deleted ON items (deleted_at) WHERE deleted_at IS NOT NULL;
                ANALYZE items""");
        home = TestHome.in(directory)
                .with("mappers/items.xml", MAPPER)
                .with("jobs/purge-every-third.yml", job("everyThird"))
                .with("jobs/purge-deleted.yml", job("deleted"))
                .on(database)
                .home();
    }

    private static String job(String keys) {
        return "chunk: 1000\ntarget-duration: none\nsteps:\n  - purge: {name: items, table: items, keys: items." + keys
                + ", apply: [items.remove]}\n";
    }

    @AfterEach
    void drop() {
        database.close();
    }

    private String readBy(String job) {
        try (Database opened = Database.open(home, Settings.of(home), Database.Access.READ)) {
            List<String> notes = new Planner(home, opened)
                    .plan(TestRun.request(home, job))
                    .steps()
                    .get(0)
                    .notes();
            return notes.get(notes.size() - 1);
        }
    }

    private RunResult stoppedAtTheFirstChunk(String job) {
        Settings settings = Settings.of(home);
        try (Database opened = Database.open(home, settings, Database.Access.WRITE);
                Engine engine = Engine.open(home, settings, opened)) {
            return engine.run(TestRun.request(home, job), new Progress() {
                @Override
                public void chunkCommitted(String step, Counts counts) {
                    engine.requestStop("the test");
                }
            });
        }
    }

    @Test
    void aMisjudgedTableIsReadInTheOrderOfItsIndexAndNotFromEndToEndForEachPage() {
        assertThat(readBy("purge-every-third"))
                .isEqualTo("a page is read by: Index Only Scan using items_pkey on items");

        RunResult stopped = stoppedAtTheFirstChunk("purge-every-third");
        RunResult whole = TestRun.resume(home, stopped.run());

        assertThat(stopped.status()).isEqualTo("STOPPED");
        assertThat(whole.rows()).isEqualTo(new Counts(50_000, 50_000, 0, 0));
        // To be counted and the like it is read some times, by as many processes as there are; there are 50 pages.
        assertThat(Integer.parseInt(database.value("SELECT seq_scan FROM pg_stat_user_tables WHERE relname = 'items'")))
                .isLessThan(15);
    }

    @Test
    void aRehearsalReadsItSoToo() {
        try (Database opened = Database.open(home, Settings.of(home), Database.Access.WRITE)) {
            Rehearser.StepRehearsal step = new Rehearser(home, Settings.of(home), opened)
                    .rehearse(TestRun.request(home, "purge-every-third"), 2)
                    .get(0);

            assertThat(step.faults()).isEmpty();
            assertThat(step.chunks()).hasSize(2);
            assertThat(step.chunks().get(0).statements().get(0).plan().toString())
                    .contains("Index Scan using items_pkey")
                    .doesNotContain("Sort");
        }
    }

    @Test
    void fewKeysWithAnIndexOfTheirsAreSortedHoweverWrongTheStatisticsAre() {
        assertThat(readBy("purge-deleted")).contains("Sort; ", "items_deleted");

        database.execute("UPDATE items SET deleted_at = now() WHERE id % 50 = 0");

        assertThat(readBy("purge-deleted")).contains("Sort; ", "items_deleted");
        assertThat(TestRun.of(home, "purge-deleted").rows()).isEqualTo(new Counts(3_150, 3_150, 0, 0));
    }
}
