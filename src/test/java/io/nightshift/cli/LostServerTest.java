package io.nightshift.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.TestDatabase;
import io.nightshift.TestHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LostServerTest {

    @TempDir
    Path home;

    /** The whole server, embedded here, is gone in the middle of a statement, and does not come back. */
    @Test
    void aServerThatDiesUnderARunIsNotCalledABug() throws IOException {
        TestHome.in(home)
                .with(
                        "mappers/naps.xml",
                        "<mapper namespace=\"naps\"><select id=\"long\">"
                                + "/* nightshift: naps.long */\nSELECT pg_sleep(60)</select></mapper>")
                .with("jobs/nap.yml", "steps:\n  - sql: naps.long\n")
                .with(
                        "config/application.yml",
                        "nightshift:\n  database:\n    embedded: true\n    connection-timeout: 1s\n");
        StartedProgram run = StartedProgram.in(home, java.util.Map.of(), "run", "nap");
        run.untilItSays("Started run 1");

        kill(Long.parseLong(Files.readAllLines(home.resolve(".nightshift/postgres-18/data/postmaster.pid"))
                .get(0)
                .strip()));
        ProgramRun ended = run.end();

        assertThat(ended.exit()).isEqualTo(1);
        assertThat(ended.terminal())
                .contains("Run 1 of nap: the database was lost: 127.0.0.1:")
                .contains("What was committed stays")
                .contains("nightshift resume 1")
                .doesNotContain("bug in Nightshift");
    }

    /** A pooler or an administrator may end the one session that all statements are read in. */
    @Test
    void aConnectionThatBreaksUnderACheckIsNoFaultOfTheStatements() throws IOException {
        try (TestDatabase database = TestDatabase.create()) {
            database.execute(
                    """
                    CREATE TABLE naps (id int PRIMARY KEY);
                    CREATE FUNCTION end_of_session() RETURNS boolean LANGUAGE sql IMMUTABLE
                    AS $$ SELECT pg_terminate_backend(pg_backend_pid()) $$;""");
            TestHome.in(home)
                    .with("migrations/.keep", "")
                    .with(
                            "mappers/naps.xml",
                            """
                            <mapper namespace="naps"><select id="long">/* nightshift: naps.long */
                            SELECT id FROM naps WHERE end_of_session()</select>
                            <update id="end">/* nightshift: naps.end */
                            UPDATE naps SET id = 1 WHERE id = ANY (#{keys}) AND end_of_session()</update></mapper>
                            """)
                    .with("jobs/nap.yml", "steps:\n  - update: {table: naps, keys: naps.long, apply: naps.end}\n")
                    .with("jobs/nap-again.yml", "steps:\n  - update: {table: naps, keys: naps.long, apply: naps.end}\n")
                    .on(database);

            Answer check = Answer.to("--home", home.toString(), "check");

            assertThat(check.exit()).as(check.err()).isEqualTo(1);
            assertThat(check.err())
                    .containsOnlyOnce("the server ended the session")
                    .doesNotContain("Mend the statement", "SQLSTATE null");
        }
    }

    private static void kill(long postmaster) {
        ProcessHandle server = ProcessHandle.of(postmaster).orElseThrow();
        java.util.List<ProcessHandle> backends = server.children().toList();
        server.destroyForcibly();
        backends.forEach(ProcessHandle::destroyForcibly);
    }
}
