package io.nightshift.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.SQLExceptionOverride;
import io.nightshift.content.Home;
import io.nightshift.content.Settings;
import io.nightshift.database.embedded.EmbeddedServer;
import io.nightshift.database.embedded.ServerLease;
import io.nightshift.problem.Problem;
import io.nightshift.problem.ProblemException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The database that is worked on: embedded or configured, reachable when it has been opened, its sessions bounded and
 * alike on every server.
 */
public final class Database implements AutoCloseable {

    /** Whether sessions may change anything; READ ones are refused by the server when they try. */
    public enum Access {
        READ,
        WRITE
    }

    private static final String NAME = "nightshift";

    /**
     * The pool closes a connection that has said "feature not supported". PostgreSQL says so of a mere statement, and
     * what came behind it would find the connection closed.
     */
    private static final class RefusalsKeepTheSession implements SQLExceptionOverride {

        @java.lang.Override
        public SQLExceptionOverride.Override adjudicate(SQLException refusal) {
            return "0A000".equals(refusal.getSQLState())
                    ? SQLExceptionOverride.Override.DO_NOT_EVICT
                    : SQLExceptionOverride.Override.CONTINUE_EVICT;
        }
    }

    private final Reached reached;
    private final DatabaseChoice choice;
    private final Access access;
    private final HikariDataSource pool;

    private Database(Reached reached, DatabaseChoice choice, Access access) {
        this.reached = reached;
        this.choice = choice;
        this.access = access;
        this.pool = pool();
    }

    /**
     * Opens the configured database, or the embedded one where none is configured. A home that has only the shipped
     * content always works on the embedded one.
     *
     * @throws ProblemException in one line, when it is away, refuses us, or is none that we can work on
     */
    public static Database open(Home home, Settings settings, Access access) {
        return open(home::state, DatabaseChoice.of(home, settings, System.getenv()), access);
    }

    /** Whether there is one to look at: configured, or embedded and made already. Makes nothing. */
    public static boolean exists(Home home, Settings settings) {
        return DatabaseChoice.of(home, settings, System.getenv()).configured().isPresent()
                || EmbeddedServer.existsIn(home.statePlace());
    }

    static Database open(Supplier<Path> state, DatabaseChoice choice, Access access) {
        if (choice.configured().isPresent()) {
            return open(choice.configured().get().target(), null, choice, access);
        }
        ServerLease lease = EmbeddedServer.in(state.get()).use();
        try {
            return open(embedded(lease), lease, choice, access);
        } catch (RuntimeException e) {
            lease.close();
            throw e;
        }
    }

    private static Target embedded(ServerLease lease) {
        return new Target(
                "127.0.0.1:" + lease.port(),
                lease.database(),
                lease.role(),
                lease.password(),
                Map.of("sslmode", "disable"));
    }

    private static Database open(Target target, @Nullable ServerLease lease, DatabaseChoice choice, Access access) {
        try (Connection connection = connect(target, choice, access, NAME)) {
            int version = new FirstLook(target).at(connection, () -> another(target, choice, access));
            return new Database(new Reached(target, version, lease), choice, access);
        } catch (SQLException e) {
            throw new ConnectionProblem(target).of(e);
        }
    }

    private static Connection another(Target target, DatabaseChoice choice, Access access) {
        try {
            return connect(target, choice, access, NAME);
        } catch (SQLException e) {
            throw new ConnectionProblem(target).of(e);
        }
    }

    private static Connection connect(Target target, DatabaseChoice choice, Access access, String applicationName)
            throws SQLException {
        Connection connection =
                DriverManager.getConnection(target.jdbcUrl(), target.properties(choice.session(), applicationName));
        try (Statement statement = connection.createStatement()) {
            statement.execute(pinned(choice, access));
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    private static String pinned(DatabaseChoice choice, Access access) {
        return new PinnedSession(choice.session(), access, choice.configured().isEmpty()).sql();
    }

    private HikariDataSource pool() {
        PoolSettings settings = choice.pool();
        HikariConfig config = new HikariConfig();
        config.setPoolName(NAME);
        config.setJdbcUrl(reached.target().jdbcUrl());
        config.setDataSourceProperties(reached.target().properties(choice.session(), NAME));
        config.setConnectionInitSql(pinned(choice, access));
        config.setMaximumPoolSize(settings.poolSize());
        // Most commands need one connection: none is opened before somebody asks.
        config.setMinimumIdle(0);
        config.setInitializationFailTimeout(-1);
        config.setConnectionTimeout(settings.connectionTimeout().toMillis());
        config.setKeepaliveTime(settings.keepAlive().toMillis());
        config.setMaxLifetime(settings.maximumLifetime().toMillis());
        config.setIdleTimeout(settings.idleTimeout().toMillis());
        config.setExceptionOverride(new RefusalsKeepTheSession());
        return new HikariDataSource(config);
    }

    /** The pool. Its connections commit by themselves until told otherwise. */
    public DataSource dataSource() {
        return pool;
    }

    /** How many connections the pool has at most. */
    public int poolSize() {
        return pool.getMaximumPoolSize();
    }

    /** A connection of its own outside the pool, for locks that must last as long as it does. The caller closes it. */
    public Connection dedicated(String applicationName) {
        try {
            return session(applicationName);
        } catch (SQLException e) {
            throw problem(e);
        }
    }

    /** The same for whoever knows what to do when the server is away for a while. */
    public Connection session(String applicationName) throws SQLException {
        return connect(reached.target(), choice, access, applicationName);
    }

    /** The schema of our own tables; a plain name that needs no quotes. */
    public String schema() {
        return choice.schema();
    }

    /** The first schema of the search path: where migrations of the user's schema happen. */
    public String userSchema() {
        return SearchPath.of(choice.session().searchPath()).first();
    }

    public boolean embedded() {
        return reached.lease() != null;
    }

    /** {@code host:port/database as role}, never a secret. */
    public String description() {
        return reached.target().toString();
    }

    /** What stands in the way of good work here without stopping it; empty when nothing does. */
    public List<Problem> warnings() {
        return new Warnings(reached, choice, schema()).of(pool);
    }

    /** Whether our own tables are there. Creates nothing. */
    public boolean hasOwnTables() {
        return new OwnTables(this).exist();
    }

    /** Whether our own tables are there, and as this program makes them. Creates nothing. */
    public boolean hasCurrentOwnTables() {
        return new OwnTables(this).current();
    }

    /**
     * Makes our own tables, or brings them up to date. Does nothing when they are; safe when two processes do it at
     * once.
     *
     * @throws ProblemException when they were made by a newer program, or the role may not make them
     */
    public void createOwnTables() {
        new OwnTables(this).create();
    }

    /** What to tell a person when a statement or a connection failed for a reason that is the server's. */
    public ProblemException problem(SQLException error) {
        return new ConnectionProblem(reached.target()).of(error);
    }

    /** Gives the connections back; an embedded server that nobody else uses is stopped. */
    @Override
    public void close() {
        pool.close();
        if (reached.lease() != null) {
            reached.lease().close();
        }
    }
}
