package io.nightshift.database.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.nightshift.database.embedded.EmbeddedServer.Stopped;
import io.nightshift.problem.ProblemException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With real processes, real kills and a directory whose name is a nuisance. */
class EmbeddedServerTest {

    @TempDir
    private Path directory;

    private Path state;
    private Path link;
    private EmbeddedServer server;
    private final List<Process> processes = new ArrayList<>();

    @BeforeEach
    void folderWithABlankInItsName() throws IOException {
        state = Files.createDirectories(directory.resolve("a state"));
        server = EmbeddedServer.in(state);
        // Unpacking takes longer than all the rest: once is enough.
        Path unpacked = ServerBinaries.in(Files.createDirectories(Path.of("target/test-binaries")))
                .directory()
                .toAbsolutePath();
        link = Files.createSymbolicLink(folder(unpacked.getFileName().toString()), unpacked);
    }

    @AfterEach
    void endEverything() throws Exception {
        for (Process process : processes) {
            process.destroyForcibly().waitFor();
        }
        assertThat(server.stop()).isNotEqualTo(Stopped.STILL_IN_USE);
        Files.delete(link);
    }

    @Test
    void theJobsRoleIsNoSuperuserAndNobodyGetsInWithoutThePassword() throws Exception {
        try (ServerLease lease = server.use()) {
            assertThat(value(
                            lease.port(),
                            "SELECT rolsuper OR rolcreatedb OR rolcreaterole FROM pg_roles"
                                    + " WHERE rolname = current_user"))
                    .isEqualTo("f");
            assertThat(value(lease.port(), "SHOW fsync")).isEqualTo("on");
            assertThat(value(lease.port(), "SHOW data_checksums")).isEqualTo("on");
            assertThat(value(lease.port(), "SHOW listen_addresses")).isEqualTo("127.0.0.1");
            assertThat(value(lease.port(), "SHOW unix_socket_directories")).isEmpty();
            assertThat(value(
                            lease.port(),
                            "SELECT datlocprovider::text || datlocale FROM pg_database"
                                    + " WHERE datname = current_database()"))
                    .isEqualTo("bC.UTF-8");
            for (String role : List.of("nightshift", "postgres")) {
                assertThat(catchThrowableOfType(SQLException.class, () -> connect(lease.port(), role, "guess"))
                                .getSQLState())
                        .isEqualTo("28P01");
            }
            for (String secret : List.of("nightshift.password", "postgres.password", "pgpass")) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder(secret))))
                        .isEqualTo("rw-------");
            }
            assertThat(server.env().values()).noneMatch(value -> value.contains(lease.password()));
            assertThat(server.env().keySet()).containsExactly("PGHOST", "PGPORT", "PGUSER", "PGDATABASE", "PGPASSFILE");
        }
        assertThat(server.status().pid()).isEmpty();
    }

    @Test
    void twoProcessesAtOnceShareItAndTheLastOneStopsIt() throws Exception {
        Process first = start();
        Process second = start();
        int port = portOf(first);
        assertThat(portOf(second)).isEqualTo(port);
        long pid = server.status().pid().orElseThrow();

        leave(first);
        assertThat(server.status().pid()).contains(pid);
        assertThat(value(port, "SELECT 1")).isEqualTo("1");
        leave(second);
        assertThat(server.status().pid()).isEmpty();
    }

    @Test
    void whatAKilledProcessLeftRunningIsAdopted() throws Exception {
        Process killed = start();
        int port = portOf(killed);
        long pid = server.status().pid().orElseThrow();
        kill(killed.pid());
        killed.waitFor();
        assertThat(server.status().pid()).contains(pid);

        try (ServerLease lease = server.use()) {
            assertThat(lease.port()).isEqualTo(port);
            assertThat(server.status().pid()).contains(pid);
        }
        assertThat(server.status().pid()).isEmpty();
    }

    @Test
    void aKilledServerIsStartedAgainWithItsData() throws Exception {
        try (ServerLease lease = server.use()) {
            value(lease.port(), "CREATE TABLE kept AS SELECT 42 AS answer; SELECT 1");
            long pid = server.status().pid().orElseThrow();
            kill(pid);
            await(pid);

            try (ServerLease again = server.use()) {
                assertThat(server.status().pid().orElseThrow()).isNotEqualTo(pid);
                assertThat(again.port()).isEqualTo(lease.port());
                assertThat(value(again.port(), "SELECT answer FROM kept")).isEqualTo("42");
            }
        }
    }

    @Test
    void aNumberThatNowBelongsToAnotherProgramIsNoServer() throws Exception {
        server.use().close();
        Files.writeString(
                folder("data/postmaster.pid"),
                "%d\n%s\n1\n5432\n\n127.0.0.1\n"
                        .formatted(ProcessHandle.current().pid(), folder("data")));
        assertThat(server.status().pid()).isEmpty();
        try (ServerLease lease = server.use()) {
            assertThat(value(lease.port(), "SELECT 1")).isEqualTo("1");
        }
    }

    @Test
    void aPortThatIsTakenIsReplaced() throws Exception {
        int before;
        try (ServerLease lease = server.use()) {
            before = lease.port();
        }
        try (ServerSocket other = new ServerSocket(before, 1, InetAddress.getByName("127.0.0.1"));
                ServerLease lease = server.use()) {
            assertThat(lease.port()).isNotEqualTo(other.getLocalPort());
        }
    }

    @Test
    void itKeepsRunningUntilItIsStopped() {
        server.start();
        assertThat(server.status().kept()).isTrue();
        try (ServerLease lease = server.use()) {
            assertThat(server.status().port()).contains(lease.port());
        }
        assertThat(server.status().pid()).isPresent();
        assertThat(server.stop()).isEqualTo(Stopped.STOPPED);
        assertThat(server.stop()).isEqualTo(Stopped.WAS_NOT_RUNNING);
        assertThat(server.status().kept()).isFalse();
        assertThat(catchThrowableOfType(ProblemException.class, server::env))
                .hasMessageContaining("the embedded server does not run.");
    }

    @Test
    void itIsNotStoppedUnderAnotherProcess() throws Exception {
        server.start();
        Process user = start();
        portOf(user);
        assertThat(server.stop()).isEqualTo(Stopped.STILL_IN_USE);
        assertThat(server.status().pid()).isPresent();
        leave(user);
        assertThat(server.status().pid()).isEmpty();
    }

    @Test
    void aDirectoryThatIsNoDatabaseIsLeftAlone() throws Exception {
        Files.createDirectories(folder("data"));
        Files.writeString(folder("data/letter.txt"), "mine");
        assertThat(catchThrowableOfType(ProblemException.class, server::use))
                .hasMessageContaining("is no database (PG_VERSION is missing).");
        Files.writeString(folder("data/PG_VERSION"), "17\n");
        assertThat(catchThrowableOfType(ProblemException.class, server::use))
                .hasMessageContaining("is a database of PostgreSQL 17, not 18.");
        assertThat(folder("data/letter.txt")).hasContent("mine");
    }

    @Test
    void aDamagedDirectoryIsSaidInOneLine() throws Exception {
        server.use().close();
        Files.write(folder("data/global/pg_control"), new byte[8192]);
        ProblemException refused = catchThrowableOfType(ProblemException.class, server::use);
        assertThat(refused.problems()).hasSize(1);
        assertThat(refused.problems().get(0).what())
                .startsWith("the embedded server does not start (")
                .doesNotContain("\n")
                .contains("incompatible with server");
    }

    private Path folder(String name) {
        return state.resolve("postgres-18").resolve(name);
    }

    private Process start() throws IOException {
        Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        HoldsServer.class.getName(),
                        state.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        processes.add(process);
        return process;
    }

    private static int portOf(Process process) throws IOException {
        return Integer.parseInt(new BufferedReader(new InputStreamReader(process.getInputStream())).readLine());
    }

    private static void leave(Process process) throws Exception {
        process.getOutputStream().close();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
    }

    private static void kill(long pid) throws Exception {
        assertThat(new ProcessBuilder("kill", "-9", Long.toString(pid)).start().waitFor())
                .isZero();
    }

    private static void await(long pid) throws Exception {
        while (ProcessHandle.of(pid).isPresent()) {
            Thread.sleep(10);
        }
    }

    private String value(int port, String query) throws Exception {
        String password = Files.readString(folder("nightshift.password")).strip();
        try (Connection connection = connect(port, "nightshift", password);
                Statement statement = connection.createStatement()) {
            boolean rows = statement.execute(query);
            while (!rows) {
                rows = statement.getMoreResults();
            }
            try (ResultSet row = statement.getResultSet()) {
                row.next();
                return row.getString(1);
            }
        }
    }

    private static Connection connect(int port, String role, String password) throws SQLException {
        return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/nightshift", role, password);
    }
}
