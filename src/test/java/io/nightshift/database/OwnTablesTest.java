package io.nightshift.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.nightshift.TestDatabase;
import io.nightshift.database.Database.Access;
import io.nightshift.problem.ExitCode;
import io.nightshift.problem.ProblemException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OwnTablesTest {

    private TestDatabase server;

    @BeforeEach
    void empty() {
        server = TestDatabase.create();
    }

    @AfterEach
    void drop() {
        server.close();
    }

    @Test
    void lookingForThemCreatesNothing() {
        try (Database database = server.open(Access.READ)) {
            assertThat(database.hasOwnTables()).isFalse();
        }
        assertThat(server.value("SELECT count(*) FROM pg_namespace WHERE nspname = 'nightshift'"))
                .isEqualTo("0");
    }

    @Test
    void theyAreMadeOnceAndInTheirOwnSchemaOnly() {
        try (Database database = server.open()) {
            database.createOwnTables();
            database.createOwnTables();
            assertThat(database.hasOwnTables()).isTrue();
        }
        assertThat(
                        server.value(
                                """
                        SELECT string_agg(relname, ' ' ORDER BY relname)
                        FROM pg_class
                        WHERE relnamespace = 'nightshift'::regnamespace
                          AND relkind = 'r'
                          AND relname !~ '^(batch|qrtz)_'"""))
                .contains("attempt ", " content event fence file fire ")
                .contains("ledger piece reject replay run run_content schema_history step");
        assertThat(server.value("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"))
                .isEqualTo("0");
        server.execute("DROP SCHEMA nightshift CASCADE");
    }

    @Test
    void manyAtOnceMakeThemOnce() throws Exception {
        int many = 4;
        CyclicBarrier together = new CyclicBarrier(many);
        List<Thread> threads = IntStream.range(0, many)
                .mapToObj(number -> new Thread(() -> {
                    try (Database database = server.open()) {
                        together.await();
                        database.createOwnTables();
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                }))
                .toList();
        List<Throwable> failures = new CopyOnWriteArrayList<>();
        threads.forEach(thread -> thread.setUncaughtExceptionHandler((failed, error) -> failures.add(error)));
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(failures).isEmpty();
        assertThat(server.value("SELECT count(version) = count(DISTINCT version) FROM nightshift.schema_history"))
                .isEqualTo("t");
        assertThat(server.value("SELECT count(*) FROM nightshift.run")).isEqualTo("0");
    }

    @Test
    void theLedgerRefusesASecondChunkFromOnePointAndCountsThatDoNotAddUp() {
        try (Database database = server.open()) {
            database.createOwnTables();
        }
        server.execute(ledger("{}", 5, 3, 1, 1));
        assertThat(catchThrowableOfType(IllegalStateException.class, () -> server.execute(ledger("{}", 5, 5, 0, 0))))
                .hasMessageContaining("ledger_pkey");
        assertThat(catchThrowableOfType(IllegalStateException.class, () -> server.execute(ledger("{5}", 5, 3, 0, 0))))
                .hasMessageContaining("ledger_adds_up");
    }

    @Test
    void anOlderProgramRefusesToWrite() {
        try (Database database = server.open()) {
            database.createOwnTables();
            server.execute(
                    """
                    INSERT INTO nightshift.schema_history
                      (installed_rank, version, description, type, script, installed_by, execution_time, success)
                    VALUES (99, '999', 'what comes next', 'SQL', 'V999__what_comes_next.sql', 'somebody', 1, true)""");
            ProblemException refused = catchThrowableOfType(ProblemException.class, database::createOwnTables);
            assertThat(refused.exit()).isEqualTo(ExitCode.FAILED);
            assertThat(refused.getMessage())
                    .contains("our tables have version 999, made by a newer Nightshift; this one knows");
        }
    }

    private static String ledger(String after, int read, int written, int rejected, int skipped) {
        return """
                INSERT INTO nightshift.ledger
                  (run, step, piece, after, last, read, written, rejected, skipped, millis, attempt)
                VALUES (1, 'load', 1, '%s', '{9}', %d, %d, %d, %d, 1, 1)"""
                .formatted(after, read, written, rejected, skipped);
    }
}
