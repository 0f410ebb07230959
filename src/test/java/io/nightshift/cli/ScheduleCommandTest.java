package io.nightshift.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.TestDatabase;
import io.nightshift.TestHome;
import io.nightshift.database.Database;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScheduleCommandTest {

    @TempDir
    private Path directory;

    private final TestDatabase server = TestDatabase.create();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void write() {
        TestHome.in(directory)
                .on(server)
                .with(
                        "jobs/purge-users.yml",
                        """
                        description: A job of a test.
                        schedule: {cron: "30 12 1 1 *", zone: Asia/Kathmandu}
                        steps:
                          - sql: users.analyze
                        """);
    }

    @AfterEach
    void drop() {
        server.close();
    }

    private int schedule(String... further) {
        String[] arguments = new String[further.length + 3];
        arguments[0] = "schedule";
        arguments[1] = "--home";
        arguments[2] = directory.toString();
        System.arraycopy(further, 0, arguments, 3, further.length);
        return Program.run(stream(out), stream(err), arguments);
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    private String printed() {
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void whereNothingEverRanTheNextTimesAreListedAndNothingIsMade() {
        assertThat(schedule("--next", "1")).isZero();

        assertThat(printed().replaceAll("\\d{4}-", "YYYY-"))
                .isEqualTo(
                        """
                          next              zone            UTC               job          cron         last time (UTC)  status
                          YYYY-01-01 12:30  Asia/Kathmandu  YYYY-01-01 06:45  purge-users  30 12 1 1 *  never

                        No server is there; start one with: nightshift serve
                        """);
        assertThat(server.value("SELECT count(*) FROM pg_namespace WHERE nspname = 'nightshift'"))
                .isEqualTo("0");
    }

    @Test
    void missedTimesAreListedWithTheirReason() {
        try (Database database = server.open()) {
            database.createOwnTables();
        }
        server.execute(
                """
                INSERT INTO nightshift.fire (schedule, slot, state, node, reason)
                VALUES ('purge-users', '2026-01-01 06:45Z', 'MISSED', 'n', 'no server was there when it came')""");

        assertThat(schedule()).isZero();
        assertThat(printed())
                .contains("purge-users  30 12 1 1 *  2026-01-01 06:45  MISSED")
                .contains("2026-01-01 06:45  purge-users  MISSED       no server was there when it came");
    }

    @Test
    void programsGetOneDocument() {
        assertThat(schedule("--json", "--next", "1")).isZero();

        assertThat(printed().replaceAll("\\d{4}-01", "YYYY-01"))
                .isEqualToIgnoringNewLines(
                        """
                        {"format":1,"servers":[],"next":[{"job":"purge-users","cron":"30 12 1 1 *","zone":"Asia/Kathmandu",\
                        "slot":"YYYY-01-01T06:45:00Z","local":"YYYY-01-01T12:30+05:45"}],"last":[],"recent":[]}""");
    }
}
