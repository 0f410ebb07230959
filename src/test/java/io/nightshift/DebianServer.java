package io.nightshift;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.springframework.util.FileSystemUtils;

/**
 * A server from Debian's package {@code postgresql}, whose programs can do more than those we bring: replicas. It listens
 * on the loopback only, and is gone with its data when it is closed.
 */
public final class DebianServer implements AutoCloseable {

    private static final Path VERSIONS = Path.of("/usr/lib/postgresql");
    private static final String SUPERUSER = "postgres";
    private static final String ROLE = "loader";

    private final Path folder;
    private final Path data;
    private final int port;

    private DebianServer(Path folder, Path data, int port) {
        this.folder = folder;
        this.data = data;
        this.port = port;
    }

    /** Whether the package is there. */
    public static boolean isInstalled() {
        return programs().isPresent();
    }

    private static Optional<Path> programs() {
        if (!Files.isDirectory(VERSIONS)) {
            return Optional.empty();
        }
        try (Stream<Path> versions = Files.list(VERSIONS)) {
            return versions.map(version -> version.resolve("bin"))
                    .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
                    .max(Comparator.comparing(
                            bin -> bin.getParent().getFileName().toString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A new one, with a role {@code loader} that has no rights but those over its databases. */
    public static DebianServer start() {
        try {
            Path folder = Files.createTempDirectory("nightshift-debian");
            if (isRoot()) {
                run("chown", SUPERUSER, folder.toString());
            }
            DebianServer server = new DebianServer(folder, folder.resolve("primary"), freePort());
            server.call("initdb", "-D", server.data.toString(), "-U", SUPERUSER, "--auth=trust", "--no-instructions");
            server.up();
            server.execute("CREATE ROLE " + ROLE + " LOGIN");
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A replica of it that streams. */
    public DebianServer standby(String name) {
        DebianServer standby = new DebianServer(folder, folder.resolve(name), freePort());
        call(
                "pg_basebackup",
                "-D",
                standby.data.toString(),
                "-d",
                "host=127.0.0.1 port=%d user=%s application_name=%s".formatted(port, SUPERUSER, name),
                "-R",
                "-c",
                "fast");
        standby.up();
        return standby;
    }

    private void up() {
        String options = "-p %d -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off"
                + " -c wal_receiver_status_interval=1s";
        call("pg_ctl", "-D", data.toString(), "-w", "-l", data + ".log", "-o", options.formatted(port), "start");
    }

    /** A new database on it, for the role. */
    public TestDatabase database() {
        return TestDatabase.on("127.0.0.1:" + port, ROLE, SUPERUSER);
    }

    /** As its superuser. */
    public void execute(String sql) {
        try (Connection connection = DriverManager.getConnection(
                        "jdbc:postgresql://127.0.0.1:" + port + "/postgres", SUPERUSER, "");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** Stops it; the first one takes the data of all away. */
    @Override
    public void close() {
        call("pg_ctl", "-D", data.toString(), "-m", "immediate", "-w", "stop");
        if (data.getFileName().toString().equals("primary")) {
            try {
                FileSystemUtils.deleteRecursively(folder);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void call(String program, String... arguments) {
        List<String> command = new ArrayList<>();
        if (isRoot()) {
            // PostgreSQL does not run as root.
            command.addAll(List.of("setpriv", "--reuid=" + SUPERUSER, "--regid=" + SUPERUSER, "--clear-groups"));
        }
        command.add(programs().orElseThrow().resolve(program).toString());
        command.addAll(List.of(arguments));
        run(command.toArray(String[]::new));
    }

    private static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    private static void run(String... command) {
        try {
            Path said = Files.createTempFile("nightshift-debian", ".log");
            Process process = new ProcessBuilder(command)
                    .directory(Path.of("/").toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(said.toFile())
                    .start();
            boolean ended = process.waitFor(2, TimeUnit.MINUTES);
            String output = Files.readString(said);
            Files.delete(said);
            if (!ended || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new IllegalStateException(String.join(" ", command) + "\n" + output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
