package io.nightshift.keyed;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.ItemsTable;
import io.nightshift.TestDatabase;
import io.nightshift.chunk.Counts;
import io.nightshift.problem.ExitCode;
import io.nightshift.run.books.RunResult;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What update, delete, backfill and purge make of their pages, over a table of a hundred items. */
class KeyedStepsTest {

    private static final TestDatabase DATABASE = TestDatabase.create();

    @TempDir
    Path directory;

    private ItemsTable items;

    @AfterAll
    static void drop() {
        DATABASE.close();
    }

    @BeforeEach
    void aHundredItems() {
        items = new ItemsTable(DATABASE, directory).filled(-50, 49);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "7, 1", "100, 1", "1000, 1", "1, 3", "7, 3", "1000, 3"})
    void everyRowIsDoneOnceInChunksOfAnySize(int chunk, int connections) {
        RunResult result =
                items.run("update: {table: items, keys: items.all, apply: items.count, chunk: %d, connections: %d}"
                        .formatted(chunk, connections));

        assertThat(result.problem()).isEmpty();
        assertThat(result.rows()).isEqualTo(new Counts(100, 100, 0, 0));
        assertThat(DATABASE.value("SELECT bool_and(times = 1) FROM items")).isEqualTo("t");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void aKeyThatTheQueryReturnsSeveralTimesCountsOnce(int connections) {
        DATABASE.execute("INSERT INTO parts SELECT id FROM items, generate_series(1, 4)");

        RunResult result =
                items.run("update: {table: items, keys: items.ofParts, apply: items.count, chunk: 3, connections: %d}"
                        .formatted(connections));

        assertThat(result.problem()).isEmpty();
        assertThat(result.rows()).isEqualTo(new Counts(100, 100, 0, 0));
        assertThat(DATABASE.value("SELECT bool_and(times = 1) FROM items")).isEqualTo("t");
    }

    @Test
    void aNullKeyFailsTheStepBeforeItsFirstChunk() {
        DATABASE.execute("UPDATE items SET owner = NULL WHERE id = 49");

        RunResult result =
                items.run("update: {table: items, keys: items.owners, apply: items.countOfOwners, chunk: 1}");

        assertThat(result.exit()).isEqualTo(ExitCode.FAILED);
        assertThat(result.problem().orElseThrow().what())
                .isEqualTo("items.owners returns rows whose key is NULL; a position cannot be behind NULL");
        assertThat(DATABASE.value("SELECT sum(times) FROM items")).isEqualTo("0");
        assertThat(DATABASE.value("SELECT count(*) FROM nightshift.ledger WHERE run = " + result.run()))
                .isEqualTo("0");
    }

    @ParameterizedTest
    @CsvSource({
        "update, items.count, 1",
        "delete, items.remove, 3",
        "backfill, items.close, 3",
        "purge, items.remove, 1"
    })
    void anEmptyTableIsDoneWithZeroRows(String kind, String apply, int connections) {
        DATABASE.execute("TRUNCATE items CASCADE");

        RunResult result = items.run("%s: {table: items, keys: items.open, apply: %s, connections: %d%s}"
                .formatted(
                        kind,
                        apply,
                        connections,
                        kind.equals("delete") || kind.equals("update") ? ", lock: true" : ""));

        assertThat(result.problem()).isEmpty();
        assertThat(result.status()).isEqualTo("COMPLETED");
        assertThat(result.rows()).isEqualTo(Counts.ZERO);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void rowsInsertedBehindTheUpperEndAreLeftAlone(int connections) {
        DATABASE.execute(
                """
                CREATE OR REPLACE FUNCTION add_item() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                  INSERT INTO items (id) VALUES (NEW.id + 1000);
                  RETURN NULL;
                END $$;
                CREATE TRIGGER add_item AFTER UPDATE ON items FOR EACH ROW EXECUTE FUNCTION add_item()""");

        RunResult result =
                items.run("update: {table: items, keys: items.all, apply: items.count, chunk: 9, connections: %d}"
                        .formatted(connections));

        assertThat(result.rows()).isEqualTo(new Counts(100, 100, 0, 0));
        assertThat(DATABASE.value("SELECT count(*) FROM items WHERE id > 500 AND times = 0"))
                .isEqualTo("100");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void aBackfillGoesBackForRowsWrittenBehindItsPosition(int connections) {
        // Closing item 40 opens items at the very start, closing one of those a last one.
        DATABASE.execute(
                """
                CREATE OR REPLACE FUNCTION reopen() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                  IF NEW.id = 40 THEN
                    INSERT INTO items (id) SELECT -1000 - n FROM generate_series(1, 20) n;
                  ELSIF NEW.id = -1001 THEN
                    INSERT INTO items (id) VALUES (-3000);
                  END IF;
                  RETURN NULL;
                END $$;
                CREATE TRIGGER reopen AFTER UPDATE ON items FOR EACH ROW EXECUTE FUNCTION reopen()""");

        RunResult result =
                items.run("backfill: {table: items, keys: items.open, apply: items.close, chunk: 10, connections: %d}"
                        .formatted(connections));

        assertThat(result.problem()).isEmpty();
        assertThat(result.rows()).isEqualTo(new Counts(121, 121, 0, 0));
        assertThat(DATABASE.value("SELECT bool_and(done AND times = 1) FROM items"))
                .isEqualTo("t");
        assertThat(DATABASE.value("SELECT max(pass) FROM nightshift.piece WHERE run = " + result.run()))
                .isEqualTo("3");
    }

    @Test
    void aBackfillThatNeverEndsItsConditionFailsAndNamesTheFirstTenKeys() {
        RunResult result = items.run("backfill: {table: items, keys: items.open, apply: items.countOpen}");

        assertThat(result.exit()).isEqualTo(ExitCode.FAILED);
        assertThat(result.problem().orElseThrow().what())
                .isEqualTo("after 3 further passes items.open still finds rows in the range, the first keys being"
                        + " -50; -49; -48; -47; -46; -45; -44; -43; -42; -41");
        assertThat(DATABASE.value("SELECT bool_and(times = 4) FROM items")).isEqualTo("t");
    }

    @Test
    void aBackfillIsDoneWhenOnlyItsRejectsAreLeft() {
        refuseEveryTenth();

        RunResult result =
                items.run("backfill: {table: items, keys: items.open, apply: items.close, reject-limit: 10}");

        assertThat(result.problem()).isEmpty();
        assertThat(result.rows()).isEqualTo(new Counts(100, 90, 10, 0));
        assertThat(rejectedKeys(result)).isEqualTo("-50, -40, -30, -20, -10, 0, 10, 20, 30, 40");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void rejectsUnderANumberAreKeptWithTheirCauseAndTheOthersAreWritten(int connections) {
        refuseEveryTenth();

        RunResult result = items.run(
                "update: {table: items, keys: items.all, apply: items.count, reject-limit: 10, chunk: 7, connections: %d}"
                        .formatted(connections));

        assertThat(result.problem()).isEmpty();
        assertThat(result.rows()).isEqualTo(new Counts(100, 90, 10, 0));
        assertThat(rejectedKeys(result)).isEqualTo("-50, -40, -30, -20, -10, 0, 10, 20, 30, 40");
        assertThat(DATABASE.value(
                        "SELECT DISTINCT sqlstate || ' ' || constraint_name || ' ' || reason FROM nightshift.reject"
                                + " WHERE run = "
                                + result.run()))
                .isEqualTo("23514 no_tenth Every tenth item is sealed.");
        assertThat(DATABASE.value("SELECT count(*) FROM items WHERE times = 1")).isEqualTo("90");
    }

    @Test
    void withoutALimitTheFirstRejectEndsTheRunAndWhatWasBeforeItStays() {
        refuseEveryTenth();
        DATABASE.execute("DELETE FROM items WHERE id = -50");

        RunResult result = items.run("update: {table: items, keys: items.all, apply: items.count, chunk: 20}");

        assertThat(result.status()).isEqualTo("FAILED");
        assertThat(result.exit()).isEqualTo(ExitCode.FAILED);
        assertThat(result.rows()).isEqualTo(new Counts(10, 9, 1, 0));
        assertThat(rejectedKeys(result)).isEqualTo("-40");
        assertThat(DATABASE.value("SELECT string_agg(id::text, ' ' ORDER BY id) FROM items WHERE times = 1"))
                .isEqualTo("-49 -48 -47 -46 -45 -44 -43 -42 -41");
    }

    @ParameterizedTest
    @CsvSource({"9, FAILED", "10, COMPLETED", "9%, FAILED", "10%, COMPLETED"})
    void aLimitIsANumberOrAShare(String limit, String status) {
        refuseEveryTenth();

        RunResult result =
                items.run("update: {table: items, keys: items.all, apply: items.count, chunk: 20, reject-limit: %s}"
                        .formatted(limit));

        assertThat(result.status()).isEqualTo(status);
        assertThat(result.rows().rejected()).isEqualTo(10);
        assertThat(result.rows().written()).isEqualTo(result.rows().read() - 10);
    }

    @Test
    void aPurgeRejectsAParentThatIsStillReferredToTogetherWithItsChildren() {
        DATABASE.execute(
                """
                INSERT INTO parts SELECT id FROM items;
                INSERT INTO guards VALUES (-50), (3), (49)""");

        RunResult result =
                items.run("purge: {table: items, keys: items.all, apply: [parts.removeOfItems, items.remove],"
                        + " reject-limit: 3, chunk: 30}");

        assertThat(result.problem()).isEmpty();
        assertThat(result.rows()).isEqualTo(new Counts(100, 97, 3, 0));
        assertThat(rejectedKeys(result)).isEqualTo("-50, 3, 49");
        assertThat(DATABASE.value("SELECT string_agg(item::text, ', ' ORDER BY item) FROM parts"))
                .isEqualTo("-50, 3, 49");
        assertThat(DATABASE.value("SELECT sum((counts ->> 'parts')::int) || ' ' || sum((counts ->> 'items')::int) FROM"
                        + " nightshift.ledger WHERE run = "
                        + result.run()))
                .isEqualTo("97 97");
    }

    @Test
    void anApplyThatTouchesMoreRowsThanItHasKeysFailsAndIsRolledBack() {
        RunResult result = items.run("update: {table: items, keys: items.owners, apply: items.countOfOwners}");

        assertThat(result.exit()).isEqualTo(ExitCode.FAILED);
        assertThat(result.problem().orElseThrow().what()).isEqualTo("items.countOfOwners touched 100 rows for 13 keys");
        assertThat(DATABASE.value("SELECT sum(times) FROM items")).isEqualTo("0");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void anApplyMayTouchManyRowsPerKeyWhereTheStepSaysSo(int connections) {
        RunResult result = items.run(
                "update: {table: items, keys: items.owners, apply: items.countOfOwners, rows-per-key: many, chunk: 20, connections: %d}"
                        .formatted(connections));

        assertThat(result.problem()).isEmpty();
        assertThat(result.rows().read()).isEqualTo(result.rows().written());
        assertThat(DATABASE.value("SELECT bool_and(times = 1) FROM items")).isEqualTo("t");
    }

    private static void refuseEveryTenth() {
        DATABASE.execute(
                """
                ALTER TABLE items ADD CONSTRAINT no_tenth CHECK (id % 10 <> 0 OR times = 0);
                COMMENT ON CONSTRAINT no_tenth ON items IS 'Every tenth item is sealed.'""");
    }

    private static String rejectedKeys(RunResult result) {
        return DATABASE.value("SELECT string_agg(key[1], ', ' ORDER BY key[1]::int) FROM nightshift.reject WHERE run = "
                + result.run());
    }
}
