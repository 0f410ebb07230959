package io.nightshift.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.ItemsJob;
import io.nightshift.OtherSession;
import io.nightshift.TestDatabase;
import io.nightshift.TestHome;
import io.nightshift.TestRun;
import io.nightshift.content.Home;
import io.nightshift.database.Database;
import io.nightshift.problem.ProblemException;
import io.nightshift.run.books.RunResult;
import io.nightshift.run.history.History;
import io.nightshift.run.history.RunDetails;
import io.nightshift.run.prove.Prover;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The job purge-history as it is shipped, on books that have grown for a year. */
class RetentionTest {

    private static final String BOOKS =
            """
            SELECT string_agg(x, ' ') FROM (
              SELECT 'run ' || count(*) FROM nightshift.run WHERE %1$s
              UNION ALL SELECT 'fence ' || count(*) FROM nightshift.fence WHERE %1$s
              UNION ALL SELECT 'attempt ' || count(*) FROM nightshift.attempt WHERE %1$s
              UNION ALL SELECT 'step ' || count(*) FROM nightshift.step WHERE %1$s
              UNION ALL SELECT 'piece ' || count(*) FROM nightshift.piece WHERE %1$s
              UNION ALL SELECT 'ledger ' || count(*) FROM nightshift.ledger WHERE %1$s
              UNION ALL SELECT 'content ' || count(*) FROM nightshift.run_content WHERE %1$s
              UNION ALL SELECT 'file ' || count(*) FROM nightshift.file WHERE %1$s
            ) b (x)""";

    private final TestDatabase database = TestDatabase.create();

    @TempDir
    private Path directory;

    @AfterEach
    void drop() {
        database.close();
    }

    @Test
    void thousandsOfOldRunsGoWhileOneIsBeingContinued() throws IOException {
        ItemsJob job = ItemsJob.on(database, "do-items");
        Home home = home(job);
        TestRun.of(home, "do-items");
        RunResult pattern = TestRun.of(home, "do-items");
        copies(pattern.run(), 3_000);
        database.execute(
                """
                UPDATE items SET done = false;
                CREATE FUNCTION break() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                  RAISE EXCEPTION 'not now' USING ERRCODE = '55000';
                END $$;
                CREATE TRIGGER break BEFORE UPDATE ON items FOR EACH ROW WHEN (NEW.id = 6) EXECUTE FUNCTION break()""");
        RunResult failed = TestRun.of(home, "do-items");
        assertThat(failed.status()).isEqualTo("FAILED");
        database.execute("DROP TRIGGER break ON items");
        age("SELECT run FROM nightshift.run");
        String before = books("run = " + failed.run());

        try (OtherSession gate = job.holdAt(7)) {
            CompletableFuture<RunResult> resumed =
                    CompletableFuture.supplyAsync(() -> TestRun.resume(home, failed.run()));
            gate.awaitWaiting(resumed, "items.close");
            RunResult purge = TestRun.of(home, "purge-history");
            assertThat(purge.problem()).isEmpty();
            assertThat(step(purge, "runs").rows().written()).isEqualTo(3_000);
            gate.commit();
            assertThat(resumed.join().status()).isEqualTo("COMPLETED");
        }

        assertThat(before).startsWith("run 1 fence 1 attempt 1 step 1 piece 1 ledger 5");
        assertThat(books("run = " + failed.run())).startsWith("run 1 fence 1 attempt 2 step 1 piece 1 ledger 10");
        assertThat(job.state()).isEqualTo("10 twice");
        assertThat(database.value("SELECT count(*) FROM nightshift.run WHERE job = 'do-items'"))
                .isEqualTo("3");
        assertThat(database.value("SELECT count(*) FROM nightshift.ledger WHERE run > 2 AND run < " + failed.run()))
                .isEqualTo("0");
        assertThat(database.value("SELECT count(*) FROM nightshift.batch_job_instance"))
                .isEqualTo("4");
        assertThat(database.value("SELECT count(*) FROM nightshift.batch_job_execution_params"))
                .isEqualTo("5");
    }

    @Test
    void aFamilyStaysTogetherAndWithWhateverMayBeContinued() throws IOException {
        Home home = home(ItemsJob.on(database, "do-items"));
        TestHome.in(directory).with("jobs/do-all.yml", "steps:\\n  - job: {name: do-items}\\n".translateEscapes());
        RunResult whole = TestRun.of(home, "do-all");
        RunResult broken = TestRun.of(home, "do-all");
        assertThat(database.value(
                        "SELECT string_agg(run || ' of ' || parent_run, ', ' ORDER BY run) FROM nightshift.run"
                                + " WHERE parent_run IS NOT NULL"))
                .isEqualTo("2 of 1, 4 of 3");
        database.execute("UPDATE nightshift.run SET state = 'FAILED' WHERE run = 4");
        age("SELECT run FROM nightshift.run");

        assertThat(TestRun.of(home, "purge-history").problem()).isEmpty();
        assertThat(books("run <= 4")).startsWith("run 4 ");

        database.execute("UPDATE nightshift.run SET state = 'ABANDONED' WHERE run = 4");
        assertThat(TestRun.of(home, "purge-history").problem()).isEmpty();
        assertThat(whole.run() + broken.run()).isEqualTo(4);
        assertThat(books("run <= 4")).isEqualTo("run 0 fence 0 attempt 0 step 0 piece 0 ledger 0 content 0 file 0");
    }

    @Test
    void loadedFilesAreRememberedWhenTheRestOfTheirRunIsGone() throws IOException {
        Home home = loading();
        RunResult load = TestRun.of(home, "load-words");
        age("SELECT run FROM nightshift.run");

        assertThat(TestRun.of(home, "purge-history").problem()).isEmpty();

        assertThat(books("run = " + load.run()))
                .isEqualTo("run 1 fence 0 attempt 0 step 1 piece 0 ledger 0 content 0 file 1");
        Assertions.assertThatThrownBy(() -> TestRun.prove(home, load.run()))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("is so old that its books were removed at ");
        try (Database reading = database.open(Database.Access.READ)) {
            History history = new History(reading);
            assertThat(history.find(load.run()).orElseThrow().rows().written()).isEqualTo(2);
            assertThat(new RunDetails(reading, load.run()).steps().get(0).chunks())
                    .isEqualTo(1);
        }
        assertThat(TestRun.of(home, "load-words").rows().read()).isZero();

        assertThat(TestRun.of(home, "purge-history", "files=P300D").problem()).isEmpty();
        assertThat(books("run = " + load.run()))
                .isEqualTo("run 0 fence 0 attempt 0 step 0 piece 0 ledger 0 content 0 file 0");
    }

    @Test
    void whatWasProvenCollapsesAndRejectsGoInTheirOwnTime() throws IOException {
        Home home = loading();
        RunResult proven = TestRun.of(home, "load-words");
        RunResult other = TestRun.of(home, "load-bad");
        assertThat(other.rows().rejected()).isEqualTo(1);
        try (Database writing = database.open()) {
            Prover prover = new Prover(home, writing);
            prover.record(prover.prove(proven.run()), "tester");
            assertThat(prover.unproven()).containsExactly(other.run());
        }
        database.execute("UPDATE nightshift.ledger SET after = '{1,1}' WHERE after = '{}' AND run = " + other.run());
        age("SELECT run FROM nightshift.run", "100 days");

        RunResult purge = TestRun.of(home, "purge-history");

        assertThat(purge.problem()).isEmpty();
        assertThat(step(purge, "history.collapse").rows().written()).isZero();
        assertThat(step(purge, "history.deleteRejects").rows().written()).isEqualTo(1);
        assertThat(database.value("SELECT count(*) FROM nightshift.reject")).isEqualTo("0");
        assertThat(TestRun.prove(home, other.run()).steps().stream()
                        .flatMap(step -> step.proof().unseen().stream())
                        .findFirst())
                .get()
                .asString()
                .startsWith("its rejects were old enough and were removed at ");
    }

    @Test
    void chunksCollapseOnlyWhereAProofIsWrittenDownAndStillFits() throws IOException {
        Home home = home(ItemsJob.on(database, "do-items"));
        RunResult first = TestRun.of(home, "do-items");
        database.execute("UPDATE items SET done = false, times = 0");
        RunResult second = TestRun.of(home, "do-items");
        database.execute("UPDATE items SET done = false, times = 0");
        RunResult third = TestRun.of(home, "do-items");
        try (Database writing = database.open()) {
            Prover prover = new Prover(home, writing);
            prover.record(prover.prove(second.run()), "tester");
            prover.record(prover.prove(third.run()), "tester");
        }
        database.execute("UPDATE nightshift.ledger SET millis = 98765 WHERE after = '{5}' AND run = " + third.run());
        age("SELECT run FROM nightshift.run", "100 days");

        RunResult purge = TestRun.of(home, "purge-history");

        assertThat(step(purge, "history.collapse").rows().written()).isEqualTo(1);
        assertThat(database.value("SELECT string_agg(n::text, ' ' ORDER BY run) FROM (SELECT run, count(*) AS n FROM"
                        + " nightshift.ledger GROUP BY run) l"))
                .startsWith("10 1 10");
        assertThat(TestRun.findings(home, second.run())).isEmpty();
        assertThat(TestRun.findings(home, first.run())).isEmpty();
        try (Database reading = database.open(Database.Access.READ)) {
            assertThat(new RunDetails(reading, second.run()).steps().get(0).chunks())
                    .isEqualTo(10);
        }
    }

    @Test
    void slotsThatAServerMayLookBackAtStay() throws IOException {
        Home home = home(ItemsJob.on(database, "do-items"));
        RunResult run = TestRun.of(home, "do-items");
        database.execute(
                """
                INSERT INTO nightshift.fire (schedule, slot, state, run) VALUES
                  ('do-items', now() - interval '20 days', 'DONE', %d),
                  ('do-items', now() - interval '500 days', 'MISSED', NULL),
                  ('do-items', now() - interval '499 days', 'MISSED', NULL),
                  ('alone', now() - interval '500 days', 'MISSED', NULL);
                INSERT INTO nightshift.event (at, kind, message) VALUES (now() - interval '500 days', 'schedule', 'long ago')"""
                        .formatted(run.run()));
        age("SELECT run FROM nightshift.run");

        assertThat(TestRun.of(home, "purge-history").problem()).isEmpty();

        assertThat(database.value("SELECT string_agg(schedule || ' ' || state, ', ' ORDER BY schedule, slot) FROM"
                        + " nightshift.fire"))
                .isEqualTo("alone MISSED, do-items DONE");
        assertThat(books("run = " + run.run())).startsWith("run 1 fence 1 attempt 1 step 1 piece 1 ledger 10");
        assertThat(database.value("SELECT count(*) FROM nightshift.event WHERE run IS NULL"))
                .isEqualTo("0");
    }

    @Test
    void aNewerRunOfTheWorkStaysBeforeAnUnfinishedOne() throws IOException {
        Home home = home(ItemsJob.on(database, "do-items"));
        RunResult older = TestRun.of(home, "do-items");
        RunResult newer = TestRun.of(home, "do-items");
        database.execute("UPDATE nightshift.run SET state = 'STOPPED' WHERE run = " + older.run());
        age("SELECT run FROM nightshift.run");

        assertThat(TestRun.of(home, "purge-history").problem()).isEmpty();

        assertThat(books("run IN (%d, %d)".formatted(older.run(), newer.run()))).startsWith("run 2 fence 2 attempt 2");
    }

    private Home home(ItemsJob job) throws IOException {
        Home home = job.home(directory);
        return withHistory(home);
    }

    private Home loading() throws IOException {
        database.execute("CREATE TABLE words (word text PRIMARY KEY, n int)");
        return withHistory(TestHome.in(directory)
                .with("words.csv", "word\nmoss\nfern\n")
                .with("bad.csv", "word,n\nlichen,1\nmoss,two\n")
                .with("jobs/load-words.yml", "steps:\n  - load: {from: words.csv, into: words}\n")
                .with("jobs/load-bad.yml", "steps:\n  - load: {from: bad.csv, into: words, reject-limit: 1}\n")
                .on(database)
                .home());
    }

    private Home withHistory(Home home) throws IOException {
        TestHome.in(directory)
                .with("jobs/purge-history.yml", Files.readString(Path.of("jobs/purge-history.yml")))
                .with("mappers/history.xml", Files.readString(Path.of("mappers/history.xml")));
        return home;
    }

    private void age(String runs) {
        age(runs, "400 days");
    }

    private void age(String runs, String by) {
        database.execute(
                """
                UPDATE nightshift.run
                SET started_at = started_at - interval '%1$s',
                  ended_at = ended_at - interval '%1$s'
                WHERE run IN (%2$s)"""
                        .formatted(by, runs));
    }

    /** Each with everything that the pattern has. */
    private void copies(long pattern, int many) {
        database.execute(
                """
                SET search_path = nightshift;
                CREATE TEMPORARY TABLE copies AS
                SELECT nextval(pg_get_serial_sequence('nightshift.run', 'run')) AS copy, n FROM generate_series(1, %2$d) n;
                INSERT INTO run (run, job, work, parameters, now, as_of, state, who, host, pid, ended_at, content_hash)
                OVERRIDING SYSTEM VALUE
                SELECT copy, job, 'work ' || n %% 100, parameters, now, as_of, state, who, host, pid, ended_at, content_hash
                FROM run, copies WHERE run = %1$d;
                INSERT INTO fence SELECT copy, 1 FROM copies;
                INSERT INTO batch_job_instance SELECT 1000000 + copy, 0, job_name, md5(copy::text)
                FROM batch_job_instance, copies WHERE job_instance_id = (SELECT min(job_instance_id) FROM batch_job_instance);
                INSERT INTO batch_job_execution (job_execution_id, job_instance_id, create_time, status)
                SELECT 1000000 + copy, 1000000 + copy, localtimestamp, 'COMPLETED' FROM copies;
                INSERT INTO batch_job_execution_params SELECT 1000000 + copy, 'run', 'java.lang.Long', copy::text, 'Y' FROM copies;
                INSERT INTO batch_job_execution_context SELECT 1000000 + copy, '{}' FROM copies;
                INSERT INTO batch_step_execution (step_execution_id, version, step_name, job_execution_id, create_time)
                SELECT 1000000 + copy, 0, 'items', 1000000 + copy, localtimestamp FROM copies;
                INSERT INTO batch_step_execution_context SELECT 1000000 + copy, '{}' FROM copies;
                INSERT INTO attempt (run, attempt, token, job_execution_id, state, who, host, pid)
                SELECT copy, 1, 1, 1000000 + copy, 'COMPLETED', who, host, pid FROM run, copies WHERE run = %1$d;
                INSERT INTO step (run, step, ordinal, kind, state) SELECT copy, 'items', 1, 'update', 'COMPLETED' FROM copies;
                INSERT INTO piece SELECT copy, 'items', 1, 1, '{}', '{10}' FROM copies;
                INSERT INTO ledger (run, step, piece, after, last, read, written, rejected, skipped, millis, attempt)
                SELECT copy, 'items', 1, CASE i WHEN 1 THEN '{}' ELSE ARRAY[(i - 1)::text] END, ARRAY[i::text], 1, 1, 0, 0, 1, 1
                FROM copies c, generate_series(1, 10) AS g (i);
                INSERT INTO event (run, kind, message) SELECT copy, 'retry', 'a deadlock' FROM copies;
                INSERT INTO run_content (run, hash) SELECT copy, hash FROM run_content, copies WHERE run = %1$d;
                ANALYZE"""
                        .formatted(pattern, many));
    }

    private String books(String runs) {
        return Optional.ofNullable(database.value(BOOKS.formatted(runs))).orElseThrow();
    }

    private static RunResult.StepResult step(RunResult run, String name) {
        return run.steps().stream()
                .filter(step -> step.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
