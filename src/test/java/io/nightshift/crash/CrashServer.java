package io.nightshift.crash;

import io.nightshift.database.embedded.EmbeddedServer;
import io.nightshift.database.embedded.ServerLease;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;

/** The embedded server with its durable settings, apart from that of the other tests: this one is killed. */
final class CrashServer implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final EmbeddedServer server;
    private final List<ServerLease> leases = new ArrayList<>();
    private final Path data;

    private CrashServer(Path state) {
        this.server = EmbeddedServer.in(state);
        this.data = state.resolve("postgres-18/data");
        leases.add(server.use());
        Runtime.getRuntime().addShutdownHook(new Thread(this::close));
    }

    /** @param name of its folder below target; two that live at once need two */
    static CrashServer start(String name) {
        try {
            return new CrashServer(
                    Files.createDirectories(Path.of("target", name)).toAbsolutePath());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return leases.get(0).port();
    }

    /** For a home that works through a proxy. */
    String url(int port) {
        ServerLease lease = leases.get(0);
        return "postgresql://%s:%s@127.0.0.1:%d/%s".formatted(lease.role(), lease.password(), port, lease.database());
    }

    /** SIGKILL to the server and everything that it has started, as when the machine loses its power. */
    void kill() {
        ProcessHandle postmaster =
                ProcessHandle.of(server.status().pid().orElseThrow()).orElseThrow();
        List<ProcessHandle> children = postmaster.descendants().toList();
        postmaster.destroyForcibly();
        children.forEach(ProcessHandle::destroyForcibly);
        ended(postmaster);
        children.forEach(CrashServer::ended);
    }

    /** SIGKILL to the process of one session; the server then ends all others and recovers. */
    static void killBackend(int pid) {
        ProcessHandle.of(pid).ifPresent(backend -> {
            backend.destroyForcibly();
            ended(backend);
        });
    }

    private static void ended(ProcessHandle process) {
        try {
            process.onExit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException("process " + process.pid() + " was killed and is still there", e);
        }
    }

    /** Starts it again; returns when it has recovered. */
    void startAgain() {
        int before = port();
        leases.add(server.use());
        if (leases.get(leases.size() - 1).port() != before) {
            throw new IllegalStateException("the server came back on another port");
        }
    }

    /** {@code pg_ctl restart}, as an administrator does it. */
    void restart(String mode) {
        List<String> command = new ArrayList<>();
        if ("root".equals(System.getProperty("user.name"))) {
            command.addAll(List.of("unshare", "-U"));
        }
        command.addAll(List.of(program("pg_ctl"), "restart", "-D", data.toString(), "-m", mode, "-w", "-s"));
        command.addAll(List.of("-l", data.resolveSibling("server.log").toString()));
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(data.resolveSibling("restart.out").toFile());
            builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
            int exit = builder.start().waitFor();
            if (exit != 0) {
                throw new IllegalStateException(Files.readString(data.resolveSibling("restart.out")));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private String program(String name) {
        try (var found = Files.find(data.getParent(), 6, (path, attributes) -> path.endsWith(Path.of("bin", name)))) {
            return found.findFirst().orElseThrow().toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A session of the owner's, past the proxy; waits while the server recovers. The caller closes it. */
    Connection connect() {
        Instant end = Instant.now().plus(PATIENCE);
        while (true) {
            try {
                ServerLease lease = leases.get(0);
                Properties properties = new Properties();
                properties.put("user", lease.role());
                properties.put("password", lease.password());
                // The role's name is also that of our own schema.
                properties.put("currentSchema", "public");
                return DriverManager.getConnection(
                        "jdbc:postgresql://127.0.0.1:" + port() + "/" + lease.database(), properties);
            } catch (SQLException recovering) {
                if (Instant.now().isAfter(end)) {
                    throw new IllegalStateException("the server does not come back", recovering);
                }
                pause();
            }
        }
    }

    void execute(String sql) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** The first column of all rows. */
    List<String> column(String query) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            List<String> values = new ArrayList<>();
            while (result.next()) {
                values.add(String.valueOf(result.getString(1)));
            }
            return values;
        } catch (SQLException e) {
            throw new IllegalStateException(query, e);
        }
    }

    String value(String query) {
        return column(query).get(0);
    }

    private static void pause() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public synchronized void close() {
        leases.forEach(ServerLease::close);
        leases.clear();
    }
}
