package io.nightshift.run.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.nightshift.TestDatabase;
import io.nightshift.chunk.Counts;
import io.nightshift.database.Database;
import io.nightshift.database.Database.Access;
import io.nightshift.run.history.History.Run;
import io.nightshift.run.history.History.State;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class HistoryTest {

    private static final TestDatabase SERVER = TestDatabase.create();
    private static Database database;

    @BeforeAll
    static void aWeekOfRuns() {
        try (Database writing = SERVER.open()) {
            writing.createOwnTables();
        }
        SERVER.execute(
                """
                SET search_path = nightshift;
                INSERT INTO run (job, work, parameters, now, as_of, state, reason, who, host, pid, started_at, ended_at, parent_run, parent_step, content_hash)
                VALUES
                  ('load', 'a', '{}', now(), now(), 'FAILED', 'broken', 'ann', 'here', 1, now() - interval '3 days', now() - interval '2 days', NULL, NULL, ''),
                  ('load', 'a', '{}', now(), now(), 'STARTED', NULL, 'ann', 'here', 2, now() - interval '2 hours', NULL, NULL, NULL, ''),
                  ('purge', 'b', '{}', now(), now(), 'STARTED', NULL, 'bob', 'there', 3, now() - interval '1 hour', NULL, NULL, NULL, ''),
                  ('report', 'c', '{"days": ["7"]}', now(), now(), 'STOPPED', 'asked to', 'bob', 'there', 4, now() - interval '1 hour', now(), NULL, NULL, ''),
                  ('night', 'd', '{}', now(), now(), 'COMPLETED', NULL, 'eve', 'there', 5, now() - interval '1 hour', now(), NULL, NULL, ''),
                  ('load', 'e', '{}', now(), now(), 'COMPLETED', NULL, 'eve', 'there', 5, now() - interval '1 hour', now(), 5, 'load', '');
                INSERT INTO step (run, step, ordinal, kind, total, state) VALUES (6, 'users', 1, 'load', 5, 'COMPLETED');
                INSERT INTO file (run, step, file, path, size, hash) VALUES (6, 'users', 1, '/in/users.csv', 1, '');
                INSERT INTO ledger (run, step, piece, after, last, read, written, rejected, skipped, millis, attempt, started_at)
                SELECT 6, 'users', 1, CASE WHEN n = 1 THEN '{}' ELSE ARRAY['1', (n - 1)::text] END, ARRAY['1', n::text], 3, 2, 1, 0, 10, 1,
                  now() + n * interval '1 second'
                FROM generate_series(1, 9) n;
                INSERT INTO reject (run, step, file, record, line, key, raw, raw_length, sqlstate, constraint_name, message, reason)
                VALUES
                  (6, 'users', 1, 1, 2, NULL, 'a,b', 3, '23514', 'users_age', 'too young', 'nobody is younger than 0'),
                  (6, 'users', 1, 4, 5, NULL, 'c,d', 3, '23514', 'users_age', 'too young', 'nobody is younger than 0'),
                  (6, 'users', NULL, NULL, NULL, ARRAY['7', 'x'], NULL, NULL, '23503', NULL, 'no parent', NULL);""");
        database = SERVER.open(Access.READ);
    }

    @AfterAll
    static void drop() {
        database.close();
        SERVER.close();
    }

    @Test
    void aRunIsAtWorkAsLongAsItsLockIsHeld() throws SQLException {
        try (Connection process = SERVER.connect();
                Statement statement = process.createStatement()) {
            statement.execute("SELECT pg_advisory_lock(hashtextextended('nightshift run 3', 0))");

            assertThat(state(3)).isEqualTo(State.RUNNING);
            assertThat(state(2)).isEqualTo(State.CRASHED);
        }
        // The server ends a session after the client has gone, not before.
        await().untilAsserted(() -> assertThat(state(3)).isEqualTo(State.CRASHED));
    }

    @Test
    void whatWaitsIsTheNewestRunOfItsWorkAndUnfinished() {
        assertThat(new History(database).unfinished()).extracting(Run::run).containsExactly(2L, 3L, 4L);
    }

    @Test
    void runsComeNewestFirstAndCanBeNarrowed() {
        History history = new History(database);
        Optional<Instant> yesterday = Optional.of(Instant.now().minus(Duration.ofDays(1)));

        assertThat(numbers(history.runs(Optional.empty(), false, Optional.empty(), 50)))
                .containsExactly(6L, 5L, 4L, 3L, 2L, 1L);
        assertThat(numbers(history.runs(Optional.of("load"), false, Optional.empty(), 2)))
                .containsExactly(6L, 2L);
        assertThat(numbers(history.runs(Optional.empty(), true, Optional.empty(), 50)))
                .containsExactly(3L, 2L, 1L);
        assertThat(numbers(history.runs(Optional.empty(), true, yesterday, 50))).containsExactly(3L, 2L);
    }

    @Test
    void ofManyChunksTheEndsAreShownOrAll() {
        RunDetails details = new RunDetails(database, 6);

        assertThat(details.chunks(2)).extracting(chunk -> chunk.last().get(1)).containsExactly("1", "2", "8", "9");
        assertThat(details.chunks(Integer.MAX_VALUE)).hasSize(9);
        assertThat(details.steps().get(0).rows()).isEqualTo(new Counts(27, 18, 9, 0));
        assertThat(new History(database).find(6).orElseThrow().rows()).isEqualTo(new Counts(27, 18, 9, 0));
    }

    @Test
    void rejectsAreGroupedByCauseThoseOfItsStepsJobsToo() {
        List<RejectHistory.Group> groups = new RejectHistory(database).groups(5, 1);

        assertThat(groups)
                .extracting(
                        RejectHistory.Group::job,
                        RejectHistory.Group::count,
                        group -> group.first().get(0).place().toString())
                .containsExactly(tuple("load", 2L, "/in/users.csv:2"), tuple("load", 1L, "key 7, x"));
    }

    private static State state(long run) {
        return new History(database).find(run).orElseThrow().state();
    }

    private static List<Long> numbers(List<Run> runs) {
        return runs.stream().map(Run::run).toList();
    }
}
