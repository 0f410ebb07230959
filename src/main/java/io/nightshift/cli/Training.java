package io.nightshift.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Does harmless things so that the classes of most commands are loaded when the process ends: the launcher keeps them in
 * a class-data archive, which halves the time that a command takes to start. Touches no database.
 */
final class Training {

    /** Nobody listens there: the driver is loaded, and refused. */
    private static final String NOBODY = "postgresql://nobody@127.0.0.1:1/nowhere";

    /** Needed as soon as a connection stands, which is further than we go here. */
    private static final List<String> BEYOND = List.of(
            "com.zaxxer.hikari.HikariDataSource",
            "com.zaxxer.hikari.pool.HikariPool",
            "com.zaxxer.hikari.pool.PoolEntry",
            "com.zaxxer.hikari.pool.HikariProxyConnection",
            "com.zaxxer.hikari.pool.HikariProxyPreparedStatement",
            "com.zaxxer.hikari.pool.HikariProxyResultSet",
            "com.zaxxer.hikari.util.ConcurrentBag",
            "org.postgresql.jdbc.PgConnection",
            "org.postgresql.jdbc.PgPreparedStatement",
            "org.postgresql.jdbc.PgResultSet",
            "org.postgresql.jdbc.PgArray",
            "org.postgresql.jdbc.PgDatabaseMetaData",
            "org.postgresql.jdbc.TypeInfoCache",
            "org.postgresql.core.v3.QueryExecutorImpl",
            "org.postgresql.core.v3.SimpleParameterList",
            "org.postgresql.core.v3.CompositeQuery",
            "org.postgresql.gss.GSSOutputStream",
            "org.springframework.jdbc.core.JdbcTemplate",
            "org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate",
            "org.springframework.jdbc.core.simple.DefaultJdbcClient",
            "org.springframework.jdbc.support.SQLExceptionSubclassTranslator",
            "tools.jackson.databind.json.JsonMapper",
            "tools.jackson.databind.ser.BeanSerializerFactory",
            "tools.jackson.core.json.UTF8JsonGenerator",
            "me.tongfei.progressbar.ProgressBar",
            "io.nightshift.run.Engine",
            "io.nightshift.run.history.History",
            "io.nightshift.run.history.RejectHistory",
            "io.nightshift.migrate.Migrations");

    private Training() {}

    static void run() {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
        Program.run(nowhere, nowhere, "--help");
        Program.run(nowhere, nowhere, "run", "--help");
        Path home = temporary();
        try {
            Program.run(nowhere, nowhere, "check", "--files-only", "--json", "--home", home.toString());
            Program.run(nowhere, nowhere, "init", "--empty", "--home", home.toString());
            System.setProperty("nightshift.database.url", NOBODY);
            Program.run(nowhere, nowhere, "history", "--home", home.toString());
            BEYOND.forEach(Training::load);
        } finally {
            remove(home);
        }
    }

    private static void load(String name) {
        try {
            Class.forName(name);
        } catch (ClassNotFoundException | LinkageError moved) {
            // One class fewer in the archive; the program does without.
        }
    }

    private static Path temporary() {
        try {
            return Files.createTempDirectory("nightshift-training-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void remove(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException left) {
            // In the system's directory for temporary files: it cleans up by itself.
        }
    }
}
