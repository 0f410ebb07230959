package io.nightshift.run.prove;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.ItemsTable;
import io.nightshift.TestDatabase;
import io.nightshift.TestRun;
import io.nightshift.content.Home;
import io.nightshift.problem.ExitCode;
import io.nightshift.run.books.RunResult;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A step that pages through keys is tampered with behind its back, and the proof names the place. */
class KeyedProofTest {

    private static final TestDatabase DATABASE = TestDatabase.create();

    private static final String BACKFILL =
            "backfill: {table: items, keys: items.open, apply: items.close, chunk: 10, reject-limit: 5}";
    private static final String PURGE =
            "purge: {table: items, keys: items.open, apply: [items.remove], chunk: 10, reject-limit: 5}";
    private static final String UPDATE = "update: {table: items, keys: items.all, apply: items.count, chunk: 10}";

    /** What is done to the books, and what is said of it. */
    private static final String TAMPERINGS =
            """
            DELETE FROM ledger WHERE after = '{40}'                       | piece 1, chunk from 50 to 60: begins where no chunk ended: one before it is missing, or it was moved or added
            DELETE FROM ledger WHERE after = '{}'                         | piece 1: has no chunk that begins at its start
            DELETE FROM ledger WHERE after = '{90}'                       | piece 1, chunk from 80 to 90: no chunk goes on from its end, and the piece ends at 100: one behind it is missing, or it was moved
            INSERT INTO ledger SELECT run, step, piece, '{45}', last, read, written, rejected, skipped, counts, last_offset, last_line, started_at, millis, attempt FROM ledger WHERE after = '{40}' | piece 1, chunk from 40 to 50: 2 chunks end at the same place: one was doubled
            UPDATE ledger SET after = '{41}' WHERE after = '{40}'         | piece 1, chunk from 41 to 50: begins where no chunk ended: one before it is missing, or it was moved or added
            UPDATE ledger SET last = '{51}' WHERE after = '{40}'          | piece 1, chunk from 40 to 51: no chunk goes on from its end, and the piece ends at 100: one behind it is missing, or it was moved
            UPDATE ledger SET read = 9, written = 9 WHERE after = '{40}'  | ledger: sums up to 99 read, 97 written, 2 rejected and 0 skipped, but the step ended with 100 read, 98 written, 2 rejected and 0 skipped
            UPDATE ledger SET written = written - 1, skipped = 1 WHERE after = '{40}'  | ledger: is not as it was when the step ended: a row was changed, removed or added
            UPDATE ledger SET millis = 98765 WHERE after = '{40}'             | ledger: is not as it was when the step ended: a row was changed, removed or added
            UPDATE ledger SET attempt = 7 WHERE after = '{40}'            | step items.close: 1 chunks are of attempt 7, which there is not
            UPDATE attempt SET attempt = 2                                | attempt 1: is missing
            UPDATE attempt SET state = 'STOPPED'                          | attempt 1: is the last one and STOPPED, but the run is COMPLETED
            UPDATE piece SET lower = '{5}'                                | piece 1: begins behind 5, but the piece before it ends at the start
            DELETE FROM reject WHERE key = '{15}'                         | piece 1, chunk from 10 to 20: 0 rejects lie in it, but it counts 1
            UPDATE reject SET key = '{25}' WHERE key = '{15}'             | piece 1, chunk from 20 to 30: 1 rejects lie in it, but it counts 0
            DELETE FROM attempt                                           | attempts: are gone, but chunks of them are there
            """;

    @TempDir
    Path directory;

    private ItemsTable items;

    @AfterAll
    static void drop() {
        DATABASE.close();
    }

    /** Items 15 and 95 cannot be closed, and are rejects; 95 cannot be removed either. */
    @BeforeEach
    void aHundredItems() {
        items = new ItemsTable(DATABASE, directory).filled(1, 100);
        DATABASE.execute(
                """
                ALTER TABLE items ADD CONSTRAINT not_these CHECK (NOT done OR id NOT IN (15, 95));
                INSERT INTO guards VALUES (95)""");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            backfill: {table: items, keys: items.open, apply: items.close, chunk: 10, reject-limit: 5}                  | 2
            backfill: {table: items, keys: items.open, apply: items.close, chunk: 7, reject-limit: 5, connections: 2}   | 2
            delete: {table: items, keys: items.open, apply: items.remove, chunk: 10, reject-limit: 5}                   | 1
            purge: {table: items, keys: items.open, apply: [items.remove], chunk: 10, reject-limit: 5}                  | 1
            update: {table: items, keys: items.open, apply: items.close, chunk: 10, reject-limit: 5}                    | 2
            update: {table: items, keys: items.all, apply: items.count, chunk: 10, lock: true}                          | 0
            """)
    void whatNobodyTouchedHolds(String step, int rejects) {
        RunResult run = run(step);

        assertThat(run.rows().rejected()).isEqualTo(rejects);
        assertThat(findings(run)).isEmpty();
        assertThat(held(run)).anyMatch(line -> line.startsWith("the chain of every piece closes: "));
    }

    @Test
    void tamperedBooksAreNamed() {
        RunResult run = run(BACKFILL);
        DATABASE.execute(
                """
                DROP SCHEMA IF EXISTS kept CASCADE;
                CREATE SCHEMA kept;
                CREATE TABLE kept.ledger AS SELECT * FROM nightshift.ledger WHERE run = %1$d;
                CREATE TABLE kept.reject AS SELECT * FROM nightshift.reject WHERE run = %1$d;
                CREATE TABLE kept.piece AS SELECT * FROM nightshift.piece WHERE run = %1$d;
                CREATE TABLE kept.attempt AS SELECT * FROM nightshift.attempt WHERE run = %1$d"""
                        .formatted(run.run()));
        TAMPERINGS.lines().forEach(line -> {
            String[] parts = line.split(" \\| ");
            tamper(run, parts[0].strip());

            assertThat(findings(run)).as(parts[0]).contains(parts[1].strip());

            for (String table : List.of("ledger", "reject", "piece", "attempt")) {
                DATABASE.execute(
                        "DELETE FROM nightshift.%1$s WHERE run = %2$d; INSERT INTO nightshift.%1$s OVERRIDING SYSTEM VALUE TABLE kept.%1$s"
                                .formatted(table, run.run()));
            }
        });
        assertThat(findings(run)).isEmpty();
    }

    @Test
    void aCircleOfChunksIsNoChain() {
        RunResult run = run(BACKFILL);

        tamper(run, "UPDATE ledger SET last = '{40}' WHERE after = '{40}'");
        tamper(run, "UPDATE ledger SET last = '{50}' WHERE after = '{30}'");

        assertThat(findings(run)).contains("ledger: 1 chunks lie on no chain from the start of a piece");
    }

    @Test
    void rowsThatComeBackLaterAreToldFromRowsThatWereNeverDone() {
        RunResult run = run(BACKFILL);

        DATABASE.execute("UPDATE items SET done = false WHERE id IN (7, 8)");

        assertThat(findings(run))
                .containsExactly(
                        "later: key 7; 8: items.open finds 2 keys again; their rows were written after the step had"
                                + " ended");
    }

    @Test
    void aRowThatWasNeverDoneIsNoLaterWrite() {
        DATABASE.execute(
                """
                CREATE OR REPLACE FUNCTION pretend() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                  RETURN NULL;
                END $$;
                CREATE TRIGGER pretend BEFORE DELETE ON items
                FOR EACH ROW WHEN (OLD.id = 50) EXECUTE FUNCTION pretend()""");
        RunResult run =
                run("delete: {table: items, keys: items.open, apply: items.remove, chunk: 10, reject-limit: 5}");
        assertThat(run.rows().skipped()).isEqualTo(1);
        assertThat(findings(run)).isEmpty();
        assertThat(unseen(run))
                .contains("items.open finds 1 keys again, no more than the 1 that the step saw and skipped");

        tamper(run, "UPDATE step SET skipped = 0, written = written + 1");

        assertThat(findings(run))
                .contains("key 50: items.open still finds 1 keys whose rows are as they were before the step began; it"
                        + " skipped 0");
    }

    @Test
    void aRowThatIsAddedToWhatWasPurgedIsFound() {
        RunResult run = run(PURGE);

        DATABASE.execute("INSERT INTO items (id) VALUES (50)");
        DATABASE.execute("INSERT INTO items (id) VALUES (101)");

        assertThat(findings(run))
                .containsExactly(
                        "later: key 50: items.open finds 1 keys again; their rows were written after the step had"
                                + " ended");
    }

    @Test
    void aRejectThatWasReplayedOrDismissedStillCounts() {
        RunResult run = run(BACKFILL);

        tamper(run, "UPDATE reject SET state = 'dismissed' WHERE key = '{15}'");
        DATABASE.execute("ALTER TABLE items DROP CONSTRAINT not_these; UPDATE items SET done = true WHERE id = 95");
        tamper(run, "UPDATE reject SET state = 'replayed' WHERE key = '{95}'");

        assertThat(findings(run)).isEmpty();
    }

    @Test
    void anUnfinishedRunIsRefusedWithWhatItHasDone() {
        RunResult run = run("backfill: {table: items, keys: items.open, apply: items.close, chunk: 10}");
        assertThat(run.exit()).isEqualTo(ExitCode.FAILED);

        org.assertj.core.api.Assertions.assertThatThrownBy(() -> findings(run))
                .hasMessageContaining("is not finished: it is FAILED, with 15 read and 14 written so far");
    }

    @Test
    void aCollapsedLedgerSaysThatItsChainsAreGoneAndIsStillProven() {
        RunResult run = run(BACKFILL);
        assertThat(DATABASE.value("SELECT nightshift.collapse(%d, 'items.close')".formatted(run.run())))
                .isEqualTo("t");

        assertThat(DATABASE.value("SELECT count(*) FROM nightshift.ledger WHERE run = " + run.run()))
                .isEqualTo("1");
        assertThat(findings(run)).isEmpty();
        assertThat(unseen(run))
                .anyMatch(line -> line.startsWith("its 10 chunks were collapsed at ")
                        && line.endsWith("into one row for each piece: their chains are gone"));

        tamper(run, "UPDATE ledger SET written = written - 1, skipped = 1");
        assertThat(findings(run))
                .contains("ledger: is not as it was when it was collapsed: a row was changed, removed or added");
        tamper(run, "DELETE FROM reject WHERE key = '{15}'");
        assertThat(findings(run))
                .contains("piece 1, chunk from the start to 100: 1 rejects lie in it, but it counts 2");
        DATABASE.execute("UPDATE items SET done = false WHERE id = 7");
        assertThat(findings(run)).anyMatch(line -> line.startsWith("later: key"));
    }

    @Test
    void aLedgerThatMayBeContinuedOrWasChangedDoesNotCollapse() {
        RunResult failed = run("backfill: {table: items, keys: items.open, apply: items.close, chunk: 10}");
        assertThat(DATABASE.value("SELECT nightshift.collapse(%d, 'items.close')".formatted(failed.run())))
                .isEqualTo("f");

        DATABASE.execute("UPDATE items SET done = false");
        RunResult run = run(BACKFILL);
        tamper(run, "UPDATE ledger SET millis = 98765 WHERE after = '{40}'");
        assertThat(DATABASE.value("SELECT nightshift.collapse(%d, 'items.close')".formatted(run.run())))
                .isEqualTo("f");
    }

    private RunResult run(String step) {
        return items.run(step, "target-duration: none");
    }

    private void tamper(RunResult run, String sql) {
        DATABASE.execute("SET search_path = nightshift; "
                + (sql.contains("WHERE") ? sql + " AND run = " + run.run() : sql + " WHERE run = " + run.run()));
    }

    private List<String> findings(RunResult run) {
        return TestRun.findings(Home.at(directory), run.run());
    }

    private List<String> held(RunResult run) {
        return TestRun.prove(Home.at(directory), run.run()).steps().stream()
                .flatMap(step -> step.proof().held().stream())
                .toList();
    }

    private List<String> unseen(RunResult run) {
        return TestRun.prove(Home.at(directory), run.run()).steps().stream()
                .flatMap(step -> step.proof().unseen().stream())
                .toList();
    }
}
