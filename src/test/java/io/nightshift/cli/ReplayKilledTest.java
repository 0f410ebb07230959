package io.nightshift.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.OtherSession;
import io.nightshift.TestDatabase;
import io.nightshift.TestHome;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process dies while it tries rejects again. */
class ReplayKilledTest {

    private static final TestDatabase DATABASE = TestDatabase.create();

    /** Somebody waits in the middle of the merge. */
    private static final String WAITS =
            """
            SELECT count(*) = 1
            FROM pg_stat_activity
            WHERE datname = current_database()
              AND wait_event_type = 'Lock'
              AND strpos(query, 'nightshift: people.mergeLoaded ') > 0""";

    @TempDir
    Path directory;

    @AfterAll
    static void drop() {
        DATABASE.close();
    }

    @Test
    void aProcessThatIsKilledInTheMiddleLeavesNoRowAppliedWhoseRejectIsOpen() {
        DATABASE.execute(
                """
                CREATE TABLE towns (town text PRIMARY KEY);
                INSERT INTO towns VALUES ('Ulm');
                CREATE TABLE people (name text PRIMARY KEY, town text REFERENCES towns, age int);
                INSERT INTO people SELECT 'p' || n, 'Ulm', 0 FROM generate_series(1, 6) n""");
        TestHome.in(directory)
                .with("people.csv", "name,town,age\np1,Bonn,1\np2,Bonn,1\np3,Bonn,1\np4,Bonn,1\np5,Bonn,1\np6,Bonn,1\n")
                .with(
                        "mappers/people.xml",
                        """
                        <mapper namespace="people">
                          <insert id="mergeLoaded">
                            /* nightshift: people.mergeLoaded */
                            INSERT INTO people (name, town, age)
                            SELECT name, town, age FROM loaded
                            ON CONFLICT (name) DO UPDATE SET town = EXCLUDED.town, age = people.age + EXCLUDED.age
                          </insert>
                        </mapper>
                        """)
                .with(
                        "jobs/load-people.yml",
                        """
                        lock-timeout: none
                        chunk: 3
                        steps:
                          - load: {name: people, from: people.csv, merge: people.mergeLoaded, merge-key: [name], reject-limit: 6}
                        """)
                .on(DATABASE);
        to("run", "load-people");
        DATABASE.execute("INSERT INTO towns VALUES ('Bonn')");
        CompletableFuture<Answer> again;
        try (OtherSession gate = OtherSession.on(DATABASE).execute("UPDATE people SET age = 0 WHERE name = 'p5'")) {
            StartedProgram program = StartedProgram.in(directory, Map.of(), "rejects", "1", "--replay");
            program.until(() -> "t".equals(DATABASE.value(WAITS)));
            ProcessHandle.of(program.pid()).orElseThrow().destroyForcibly();
            program.end();
            assertThat(table()).startsWith("p1 Bonn 1, p2 Bonn 1, p3 Bonn 1, p4 Ulm 0, p5 Ulm 0");
            assertThat(states()).isEqualTo("open 3, replayed 3");
            String dead = DATABASE.value(
                    "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()");

            again = CompletableFuture.supplyAsync(() -> to("rejects", "1", "--replay"));
            OtherSession.await(DATABASE, again, "SELECT count(*) = 0 FROM pg_stat_activity WHERE pid = " + dead);
            OtherSession.await(DATABASE, again, WAITS);
        }
        assertThat(again.join().out()).contains("3 tried again, 3 applied, 0 refused again");
        assertThat(table()).isEqualTo("p1 Bonn 1, p2 Bonn 1, p3 Bonn 1, p4 Bonn 1, p5 Bonn 1, p6 Bonn 1");
        assertThat(states()).isEqualTo("replayed 6");
        assertThat(DATABASE.value("SELECT count(*) FROM nightshift.replay WHERE ended_at IS NULL"))
                .isEqualTo("0");
    }

    private static String states() {
        return DATABASE.value(
                "SELECT string_agg(s, ', ' ORDER BY s) FROM (SELECT state || ' ' || count(*) AS s FROM nightshift.reject GROUP BY state) g");
    }

    private static String table() {
        return DATABASE.value("SELECT string_agg(concat_ws(' ', name, town, age), ', ' ORDER BY name) FROM people");
    }

    private Answer to(String... words) {
        return Answer.to(Stream.concat(Stream.of("--home", directory.toString()), Stream.of(words))
                .toArray(String[]::new));
    }
}
