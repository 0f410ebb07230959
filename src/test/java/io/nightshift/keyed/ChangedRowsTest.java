package io.nightshift.keyed;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.OtherSession;
import io.nightshift.TestDatabase;
import io.nightshift.TestHome;
import io.nightshift.TestRun;
import io.nightshift.chunk.Counts;
import io.nightshift.content.Home;
import io.nightshift.run.books.RunResult;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Somebody changes row 1 while a run is between finding it and working on it: for real, by a transaction that holds the
 * row until the run waits for it.
 */
class ChangedRowsTest {

    private static final TestDatabase DATABASE = TestDatabase.create();

    private static final String MAPPER =
            """
            <mapper namespace="items">
              <select id="open">
                /* nightshift: items.open */
                SELECT id
                FROM items
                WHERE state = 'open'
              </select>
              <update id="close">
                /* nightshift: items.close */
                UPDATE items
                SET state = 'done'
                WHERE id = ANY (#{keys})
                  AND state = 'open'
              </update>
              <update id="closeAll">
                /* nightshift: items.closeAll */
                UPDATE items
                SET state = 'done'
                WHERE id = ANY (#{keys})
              </update>
              <delete id="remove">
                /* nightshift: items.remove */
                DELETE FROM items
                WHERE id = ANY (#{keys})
                  AND state = 'open'
              </delete>
              <delete id="removeAll">
                /* nightshift: items.removeAll */
                DELETE FROM items
                WHERE id = ANY (#{keys})
              </delete>
            </mapper>
            """;

    private static final String CHILDREN =
            """
            <mapper namespace="parts">
              <delete id="removeOfItems">
                /* nightshift: parts.removeOfItems */
                DELETE FROM parts
                WHERE item = ANY (#{keys})
              </delete>
            </mapper>
            """;

    @TempDir
    Path directory;

    @AfterAll
    static void drop() {
        DATABASE.close();
    }

    @BeforeEach
    void fiveOpenItemsWithAPartEach() {
        DATABASE.execute(
                """
                DROP TABLE IF EXISTS parts, items;
                CREATE TABLE items (id bigint PRIMARY KEY, state text NOT NULL);
                CREATE TABLE parts (item bigint NOT NULL REFERENCES items);
                INSERT INTO items SELECT n, 'open' FROM generate_series(1, 5) n;
                INSERT INTO parts SELECT id FROM items""");
    }

    @ParameterizedTest
    @ValueSource(strings = {"update", "backfill"})
    void aRowThatNoLongerQualifiesIsSkippedByAnApplyThatRepeatsTheCondition(String kind) {
        RunResult result = whileRowOneIsHeld(
                step(kind, "apply: items.close"), "items.close", "UPDATE items SET state = 'held' WHERE id = 1");

        assertThat(result.rows()).isEqualTo(new Counts(5, 4, 0, 1));
        assertThat(items()).isEqualTo("1 held, 2 done, 3 done, 4 done, 5 done");
    }

    @Test
    void aRowThatNoLongerQualifiesIsNotDeleted() {
        DATABASE.execute("DELETE FROM parts");

        RunResult result = whileRowOneIsHeld(
                step("delete", "apply: items.remove"), "items.remove", "UPDATE items SET state = 'held' WHERE id = 1");

        assertThat(result.rows()).isEqualTo(new Counts(5, 4, 0, 1));
        assertThat(items()).isEqualTo("1 held");
    }

    @ParameterizedTest
    @ValueSource(strings = {"update", "backfill"})
    void aPageThatIsLockedIsWithoutTheRowThatNoLongerQualifies(String kind) {
        RunResult result = whileRowOneIsHeld(
                step(kind, "apply: items.closeAll, lock: true"),
                "items.open",
                "UPDATE items SET state = 'held' WHERE id = 1");

        assertThat(result.rows()).isEqualTo(new Counts(4, 4, 0, 0));
        assertThat(items()).isEqualTo("1 held, 2 done, 3 done, 4 done, 5 done");
    }

    @Test
    void aDeleteThatLocksItsPageIsWithoutTheRowThatNoLongerQualifies() {
        DATABASE.execute("DELETE FROM parts");

        RunResult result = whileRowOneIsHeld(
                step("delete", "apply: items.removeAll, lock: true"),
                "items.open",
                "UPDATE items SET state = 'held' WHERE id = 1");

        assertThat(result.rows()).isEqualTo(new Counts(4, 4, 0, 0));
        assertThat(items()).isEqualTo("1 held");
    }

    @Test
    void aParentThatIsRestoredKeepsItsChildrenInAPurge() {
        RunResult result = whileRowOneIsHeld(
                step("purge", "apply: [parts.removeOfItems, items.removeAll]"),
                "items.open",
                "UPDATE items SET state = 'held' WHERE id = 1");

        assertThat(result.rows()).isEqualTo(new Counts(4, 4, 0, 0));
        assertThat(items()).isEqualTo("1 held");
        assertThat(DATABASE.value("SELECT string_agg(item::text, ', ') FROM parts"))
                .isEqualTo("1");
    }

    @Test
    void aRowThatIsDeletedMeanwhileIsNoFailure() {
        DATABASE.execute("DELETE FROM parts");

        RunResult result = whileRowOneIsHeld(
                step("update", "apply: items.close"), "items.close", "DELETE FROM items WHERE id = 1");

        assertThat(result.rows()).isEqualTo(new Counts(5, 4, 0, 1));
        assertThat(items()).isEqualTo("2 done, 3 done, 4 done, 5 done");
    }

    @Test
    void aRowThatStillQualifiesIsDoneOnce() {
        RunResult result = whileRowOneIsHeld(
                step("purge", "apply: [parts.removeOfItems, items.removeAll]"),
                "items.open",
                "UPDATE items SET state = 'open' WHERE id = 1");

        assertThat(result.rows()).isEqualTo(new Counts(5, 5, 0, 0));
        assertThat(items()).isNull();
        assertThat(DATABASE.value("SELECT count(*) FROM parts")).isEqualTo("0");
    }

    private static String step(String kind, String rest) {
        return "%s: {table: items, keys: items.open, %s}".formatted(kind, rest);
    }

    /** Runs the step while another session changes row 1, commits when the run waits for it, and goes away. */
    private RunResult whileRowOneIsHeld(String step, String waitsIn, String change) {
        Home home = TestHome.in(directory)
                .with("mappers/items.xml", MAPPER)
                .with("mappers/parts.xml", CHILDREN)
                .with(
                        "jobs/close-items.yml",
                        """
                        chunk: 2
                        lock-timeout: 30s
                        steps:
                          - %s
                        """
                                .formatted(step))
                .on(DATABASE)
                .home();
        try (OtherSession other = OtherSession.on(DATABASE).execute(change)) {
            CompletableFuture<RunResult> run = TestRun.inBackground(home, "close-items");
            other.awaitWaiting(run, waitsIn).commit();
            RunResult result = run.join();
            assertThat(result.problem()).isEmpty();
            return result;
        }
    }

    private static String items() {
        return DATABASE.value("SELECT string_agg(id || ' ' || state, ', ' ORDER BY id) FROM items");
    }
}
