package io.nightshift.database;

import io.nightshift.content.ContentFile;
import io.nightshift.problem.ExitCode;
import io.nightshift.problem.Problem;
import io.nightshift.problem.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;

/** Our own tables: whether they are there, how old they are, and how they come to be. */
record OwnTables(Database database) {

    /** In the order of their versions, the last one being the newest. */
    private static final List<String> MIGRATIONS = List.of(
            "V1__runs_and_their_ledger.sql",
            "V2__spring_batch.sql",
            "V3__quartz.sql",
            "V4__retries_and_stops.sql",
            "V5__proof_and_retention.sql",
            "V6__replays.sql",
            "V7__dealing_of_records.sql",
            "V8__holds.sql");

    private static final int NEWEST = version(MIGRATIONS.get(MIGRATIONS.size() - 1));

    private static final String HISTORY = "schema_history";

    /** Asks the catalogue, since the role may not even be allowed to look into the schema. */
    private static final String EXISTS =
            """
            /* nightshift: database.hasOwnTables */
            SELECT EXISTS (
              SELECT
              FROM pg_catalog.pg_class c
                JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
              WHERE n.nspname = ?
                AND c.relname = ?
                AND c.relkind = 'r'
            )""";

    private static int version(String name) {
        return Integer.parseInt(name.substring(1, name.indexOf("__")));
    }

    boolean exist() {
        try (Connection connection = database.dataSource().getConnection()) {
            return exists(connection, "run");
        } catch (SQLException e) {
            throw database.problem(e);
        }
    }

    /** Whether they are as this program makes them; false where the role cannot tell. */
    boolean current() {
        try (Connection connection = database.dataSource().getConnection()) {
            OptionalInt version = exists(connection, HISTORY) ? version(connection) : OptionalInt.empty();
            return version.isPresent() && version.getAsInt() == NEWEST;
        } catch (SQLException unknown) {
            return false;
        }
    }

    void create() {
        if (upToDate()) {
            return;
        }
        // Two that come at once do it one after the other; the second finds nothing left to do.
        try (Connection lock = database.dedicated("nightshift own tables")) {
            lock(lock);
            if (!upToDate()) {
                migrate();
            }
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    /** Costs one or two short statements, since every command that writes asks. */
    private boolean upToDate() {
        try (Connection connection = database.dataSource().getConnection()) {
            OptionalInt version = exists(connection, HISTORY) ? version(connection) : OptionalInt.empty();
            if (version.isPresent() && version.getAsInt() > NEWEST) {
                throw new ProblemException(
                        ExitCode.FAILED,
                        place(),
                        "our tables have version %d, made by a newer Nightshift; this one knows %d."
                                .formatted(version.getAsInt(), NEWEST),
                        "Nothing was changed. Use the newer Nightshift, or another nightshift.schema.");
            }
            return version.isPresent() && version.getAsInt() == NEWEST;
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private boolean exists(Connection connection, String table) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(EXISTS)) {
            statement.setString(1, database.schema());
            statement.setString(2, table);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }

    private OptionalInt version(Connection connection) throws SQLException {
        String newest =
                """
                /* nightshift: database.version */
                SELECT max(version::int)
                FROM %s.%s
                WHERE success
                  AND version IS NOT NULL"""
                        .formatted(database.schema(), HISTORY);
        try (PreparedStatement statement = connection.prepareStatement(newest);
                ResultSet row = statement.executeQuery()) {
            row.next();
            int version = row.getInt(1);
            return row.wasNull() ? OptionalInt.empty() : OptionalInt.of(version);
        }
    }

    private void lock(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "/* nightshift: database.lock */ SELECT pg_advisory_lock(hashtextextended(?, 0))")) {
            statement.setString(1, "nightshift: own tables of " + database.schema());
            statement.execute();
        }
    }

    private void migrate() {
        try {
            new MigrationFiles(MIGRATIONS.stream().map(OwnTables::read).toList())
                    .over(database, database.schema(), HISTORY)
                    .schemas(database.schema())
                    .createSchemas(true)
                    // The schema may hold something else already, such as what its owner has put there.
                    .baselineOnMigrate(true)
                    .baselineVersion("0")
                    .placeholders(Map.of("schema", database.schema()))
                    .load()
                    .migrate();
        } catch (FlywayException e) {
            throw failed(e);
        }
    }

    private static ContentFile read(String name) {
        try (InputStream bytes = Objects.requireNonNull(
                OwnTables.class.getResourceAsStream(name),
                () -> name + " is not in the program. This is a bug in Nightshift.")) {
            return new ContentFile(name, new String(bytes.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ProblemException failed(Exception error) {
        SQLException reason = sqlCause(error);
        String fix = reason != null && "42501".equals(reason.getSQLState())
                ? "Let its owner run: CREATE SCHEMA IF NOT EXISTS %1$s; GRANT USAGE, CREATE ON SCHEMA %1$s TO the role"
                        .formatted(database.schema())
                : "Nothing is half done. Look at the server's log for more.";
        String what = "our tables cannot be made or brought up to date (%s)."
                .formatted(String.valueOf((reason == null ? error : reason).getMessage())
                        .replaceAll("\\s*\\R\\s*", " "));
        return new ProblemException(ExitCode.FAILED, List.of(new Problem(place(), what, fix)), error);
    }

    private static @Nullable SQLException sqlCause(Throwable error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return sql;
            }
        }
        return null;
    }

    private String place() {
        return database.description() + " (schema " + database.schema() + ")";
    }
}
