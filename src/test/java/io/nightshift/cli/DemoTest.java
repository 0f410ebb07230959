package io.nightshift.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.database.embedded.EmbeddedServer;
import io.nightshift.database.embedded.ServerLease;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;

/** The first things that somebody types. */
class DemoTest {

    /** A demonstration that heeded it would fail at once. */
    private static final Map<String, String> NONSENSE = Map.of("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none");

    private static final Pattern REPORT = Pattern.compile("^The report: (.+\\.html)$", Pattern.MULTILINE);

    @ProcessTest
    void aNightFromAnEmptyDirectoryTwice(@TempDir Path home) throws Exception {
        ProgramRun first = StartedProgram.in(home, NONSENSE, "demo").end();

        assertThat(first.exit()).as(first.terminal()).isZero();
        assertThat(first.out())
                .contains("nightshift run sample-data", "nightshift run nightly")
                .containsPattern("load-users: \\d+ x 23\\d{3} \\w+ \\(.+\\)");
        assertThat(Files.readString(report(first))).contains("<table>", "<canvas id=\"chart\"", "\"labels\":[\"");
        assertThat(isRunning(home)).isFalse();
        assertThat(rows(home)).isGreaterThanOrEqualTo(100_000);

        ProgramRun second = StartedProgram.in(home, NONSENSE, "demo", "--json").end();

        assertThat(second.exit()).as(second.terminal()).isZero();
        assertThat(second.document())
                .containsEntry("exit", 0)
                .containsEntry("migrations", 0)
                .hasEntrySatisfying("rejects", rejects -> assertThat(String.valueOf(rejects))
                        .contains("reason="))
                .containsEntry("report", report(first).toString());
        assertThat(isRunning(home)).isFalse();
    }

    @ProcessTest
    void theServerOfAHomeIsStartedShownAndStopped(@TempDir Path home) throws IOException {
        Files.createDirectory(home.resolve("jobs"));
        ProgramRun start = ProgramRun.in(home, "db", "start");
        ProgramRun env = ProgramRun.in(home, "db", "env");
        ProgramRun status = ProgramRun.in(home, "db", "status", "--json");
        ProgramRun stop = ProgramRun.in(home, "db", "stop", "--json");

        assertThat(start.out()).contains("until nightshift db stop");
        assertThat(env.out().lines())
                .allSatisfy(line -> assertThat(line).matches("export PG[A-Z]+=\\S+"))
                .anySatisfy(line -> assertThat(line).startsWith("export PGPASSFILE=" + home));
        assertThat(env.terminal()).doesNotContain(password(home));
        assertThat(status.document()).containsEntry("running", true).containsEntry("kept", true);
        assertThat(stop.document()).containsEntry("result", "STOPPED");
        assertThat(isRunning(home)).isFalse();
    }

    @ProcessTest
    void aNewHomeIsWrittenOnceAndInOrder(@TempDir Path directory) {
        Path home = directory.resolve("night");

        ProgramRun first = ProgramRun.in(directory, "init", home.toString(), "--model");
        ProgramRun again = ProgramRun.in(directory, "init", home.toString(), "--empty");
        ProgramRun check = ProgramRun.in(home, "check", "--files-only");

        assertThat(first.exit()).isZero();
        assertThat(again.exit()).isEqualTo(2);
        assertThat(again.err()).contains("is there already; nothing was written.");
        assertThat(check.out()).contains("checked, no problem found.");
    }

    private static Path report(ProgramRun demo) {
        Matcher report = REPORT.matcher(demo.out());
        assertThat(report.find())
                .as("it says where the report lies: %s", demo.out())
                .isTrue();
        return Path.of(report.group(1));
    }

    private static EmbeddedServer server(Path home) {
        return EmbeddedServer.in(home.resolve(".nightshift"));
    }

    private static boolean isRunning(Path home) {
        boolean processes = ProcessHandle.allProcesses()
                .anyMatch(process -> process.info().commandLine().orElse("").contains(home.toString()));
        return processes || server(home).status().pid().isPresent();
    }

    private static String password(Path home) {
        try {
            return Files.readString(home.resolve(".nightshift/postgres-18/nightshift.password"))
                    .strip();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** In all tables of the model together. */
    private static long rows(Path home) throws Exception {
        try (ServerLease lease = server(home).use();
                Connection connection = DriverManager.getConnection(
                        "jdbc:postgresql://127.0.0.1:" + lease.port() + "/nightshift", lease.role(), lease.password());
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        """
                        SELECT sum((xpath('/row/n/text()', query_to_xml(
                          format('SELECT count(*) AS n FROM public.%I', tablename), false, true, '')))[1]::text::bigint)
                        FROM pg_tables
                        WHERE schemaname = 'public'""")) {
            row.next();
            return row.getLong(1);
        }
    }
}
