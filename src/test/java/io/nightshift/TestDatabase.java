package io.nightshift;

import io.nightshift.content.Home;
import io.nightshift.content.Settings;
import io.nightshift.database.Database;
import io.nightshift.database.Database.Access;
import io.nightshift.database.embedded.EmbeddedServer;
import io.nightshift.database.embedded.ServerLease;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A new, empty database on a real PostgreSQL for a test class, whose server's defaults are as awkward as they can be.
 *
 * <pre>{@code
 * static final TestDatabase DATABASE = TestDatabase.create();
 *
 * @AfterAll
 * static void drop() {
 *     DATABASE.close();
 * }
 * }</pre>
 *
 * <p>The server is the embedded one, in {@code target/test-postgres} and started once for all tests of a JVM, or that of
 * NIGHTSHIFT_TEST_URL ({@code postgresql://role:password@host:port/database}, a role that may create databases).
 * DATABASE_URL is not looked at.
 */
public final class TestDatabase implements AutoCloseable {

    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final TestServer server;
    private final String name;
    private @Nullable Path home;

    private TestDatabase(TestServer server, String name) {
        this.server = server;
        this.name = name;
    }

    public static TestDatabase create() {
        return create(TestServer.INSTANCE);
    }

    /** One on another server, which asks nobody for a password. */
    public static TestDatabase on(String host, String role, String administrator) {
        return create(new TestServer(host, role, "", administrator, ""));
    }

    private static TestDatabase create(TestServer server) {
        String name = "test_%d_%d".formatted(ProcessHandle.current().pid(), NUMBER.incrementAndGet());
        server.administer("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
        server.administer("CREATE DATABASE " + name + " OWNER \"" + server.role + "\"");
        for (String awkward : new String[] {
            "TimeZone = 'Asia/Kathmandu'",
            "DateStyle = 'SQL, DMY'",
            "IntervalStyle = 'sql_standard'",
            "bytea_output = 'escape'",
            "extra_float_digits = -5",
            "search_path = 'pg_catalog'",
            "standard_conforming_strings = off",
            "default_transaction_isolation = 'serializable'",
            "default_transaction_read_only = on"
        }) {
            server.administer("ALTER DATABASE " + name + " SET " + awkward);
        }
        return new TestDatabase(server, name);
    }

    /** Whether the server is the embedded one, with its rights and limits, and not that of NIGHTSHIFT_TEST_URL. */
    public boolean onEmbeddedServer() {
        return !server.role.equals(server.administrator);
    }

    /** What a home writes into {@code nightshift.database.url} to work here; see {@link TestHome#on}. */
    public String url() {
        return url(server.role, server.password);
    }

    /** The same database for another role. */
    public String url(String role, String password) {
        return "postgresql://%s:%s@%s/%s".formatted(encoded(role), encoded(password), server.host, name);
    }

    /** The program's own view of it, to read and write. The caller closes it. */
    public Database open() {
        return open(Access.WRITE);
    }

    public Database open(Access access) {
        Home opened = Home.at(home());
        return Database.open(opened, Settings.of(opened), access);
    }

    /** A plain session of the database's owner, to arrange and to look, with a sane search path. The caller closes it. */
    public Connection connect() {
        return server.connect(name, server.role, server.password);
    }

    /** A plain session of the server's administrator. The caller closes it. */
    public Connection connectAsAdministrator() {
        return server.connect(name, server.administrator, server.administratorPassword);
    }

    /** Arranges something: one or several statements. */
    public void execute(String sql) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The first column of the first row as text. */
    public @Nullable String value(String query) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        server.administer("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
    }

    private Path home() {
        try {
            if (home == null) {
                home = Files.createTempDirectory("nightshift-test");
                TestHome.in(home).with("jobs/.keep", "").on(this);
            }
            return home;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String encoded(String part) {
        return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** The server behind all databases of this JVM. */
    private record TestServer(
            String host, String role, String password, String administrator, String administratorPassword) {

        private static final TestServer INSTANCE = find();

        private static TestServer find() {
            String url = System.getenv().getOrDefault("NIGHTSHIFT_TEST_URL", "");
            return url.isEmpty() ? embedded() : configured(URI.create(url));
        }

        private static TestServer configured(URI url) {
            String[] who = url.getUserInfo().split(":", 2);
            String host = url.getHost() + ":" + (url.getPort() < 0 ? 5432 : url.getPort());
            return new TestServer(host, who[0], who[1], who[0], who[1]);
        }

        private static TestServer embedded() {
            try {
                Path state = Files.createDirectories(Path.of("target/test-postgres"));
                ServerLease lease = EmbeddedServer.in(state).use();
                Runtime.getRuntime().addShutdownHook(new Thread(lease::close));
                String administrator = Files.readString(state.resolve("postgres-18/postgres.password"))
                        .strip();
                TestServer server = new TestServer(
                        "127.0.0.1:" + lease.port(), lease.role(), lease.password(), "postgres", administrator);
                // Tests have nothing that must survive a power cut.
                server.administer("ALTER SYSTEM SET fsync = off");
                server.administer("ALTER SYSTEM SET synchronous_commit = off");
                server.administer("SELECT pg_reload_conf()");
                return server;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private void administer(String sql) {
            try (Connection connection = connect("postgres", administrator, administratorPassword);
                    Statement statement = connection.createStatement()) {
                statement.execute(sql);
            } catch (SQLException e) {
                throw new IllegalStateException(sql, e);
            }
        }

        private Connection connect(String database, String user, String secret) {
            Properties properties = new Properties();
            properties.put("user", user);
            properties.put("password", secret);
            properties.put(
                    "options",
                    "-c search_path=public -c default_transaction_read_only=off"
                            + " -c standard_conforming_strings=on -c extra_float_digits=1 -c bytea_output=hex");
            try {
                return DriverManager.getConnection("jdbc:postgresql://" + host + "/" + database, properties);
            } catch (SQLException e) {
                throw new IllegalStateException("the test server does not let " + user + " in", e);
            }
        }
    }
}
