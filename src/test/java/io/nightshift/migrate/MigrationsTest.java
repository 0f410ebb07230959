package io.nightshift.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.nightshift.TestDatabase;
import io.nightshift.TestHome;
import io.nightshift.content.Home;
import io.nightshift.content.Settings;
import io.nightshift.database.Database;
import io.nightshift.database.Database.Access;
import io.nightshift.migrate.MigrationStatus.State;
import io.nightshift.problem.ExitCode;
import io.nightshift.problem.ProblemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MigrationsTest {

    private static final String FIRST = "migrations/V001__users.sql";
    private static final String SECOND = "migrations/V002__find_users.sql";

    @TempDir
    private Path directory;

    private TestDatabase server;
    private TestHome files;

    @BeforeEach
    void twoMigrations() {
        server = TestDatabase.create();
        files = TestHome.in(directory)
                .with(FIRST, "CREATE TABLE users (id bigint PRIMARY KEY, name text);\n")
                .with("migrations/U001__users.sql", "DROP TABLE users;\n")
                .with(SECOND, "CREATE INDEX CONCURRENTLY users_name ON users (name);\n")
                .with("migrations/U002__find_users.sql", "DROP INDEX users_name;\n")
                .on(server);
    }

    @AfterEach
    void drop() {
        server.close();
    }

    @Test
    void whatIsPendingIsAppliedOnce() {
        try (Database database = open(Access.WRITE)) {
            assertThat(Migrations.pending(database, home())).isTrue();
            assertThat(Migrations.up(database, home()))
                    .extracting(MigrationStatus::version, MigrationStatus::description, MigrationStatus::state)
                    .containsExactly(tuple("001", "users", State.APPLIED), tuple("002", "find users", State.APPLIED));
            assertThat(Migrations.pending(database, home())).isFalse();
            assertThat(Migrations.up(database, home())).isEmpty();
        }
        assertThat(server.value("SELECT to_regclass('public.users') IS NOT NULL"))
                .isEqualTo("t");
    }

    @Test
    void statusCreatesNothingAndNeedsNoMoreThanToRead() {
        server.execute("CREATE TABLE something (id bigint)");
        String reader = "reader_" + server.value("SELECT current_database()");
        administer("CREATE ROLE " + reader + " LOGIN PASSWORD 'secret'");
        try {
            files.with(
                    "config/application.yml",
                    "nightshift:\n  database:\n    url: \"" + server.url(reader, "secret") + "\"\n");
            try (Database database = open(Access.READ)) {
                assertThat(Migrations.status(database, home()))
                        .extracting(MigrationStatus::where, MigrationStatus::state)
                        .containsExactly(tuple(FIRST, State.PENDING), tuple(SECOND, State.PENDING));
            }
            assertThat(server.value("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"))
                    .isEqualTo("1");
        } finally {
            administer("DROP OWNED BY " + reader);
            administer("DROP ROLE " + reader);
        }
    }

    @Test
    void aReaderSeesWhatWasApplied() {
        try (Database database = open(Access.WRITE)) {
            Migrations.up(database, home());
        }
        try (Database database = open(Access.READ)) {
            assertThat(Migrations.status(database, home()))
                    .allSatisfy(migration -> assertThat(migration.installedOn()).isPresent())
                    .extracting(MigrationStatus::state)
                    .containsOnly(State.APPLIED);
        }
    }

    @Test
    void aDatabaseThatHasTablesAlreadyIsTaken() {
        server.execute("CREATE TABLE something (id bigint)");
        try (Database database = open(Access.WRITE)) {
            assertThat(Migrations.up(database, home())).hasSize(2);
            assertThat(Migrations.status(database, home())).hasSize(2);
        }
    }

    @Test
    void aStatementThatFailsIsNamedWithItsLineAndNothingOfItStays() {
        files.with(
                "migrations/V003__more.sql", "CREATE TABLE more (id bigint);\n\nSELECT 1,\n  nonsense\nFROM more;\n");
        try (Database database = open(Access.WRITE)) {
            ProblemException refused =
                    catchThrowableOfType(ProblemException.class, () -> Migrations.up(database, home()));
            assertThat(refused.exit()).isEqualTo(ExitCode.FAILED);
            assertThat(refused.getMessage())
                    .isEqualTo(
                            """
                            migrations/V003__more.sql:4: column "nonsense" does not exist (SQLSTATE 42703).
                              It is rolled back as a whole; the migrations before it are applied. Correct it, then: nightshift migrate up"""
                                    .replace("\n", System.lineSeparator()));
            assertThat(server.value("SELECT to_regclass('public.more')")).isNull();
            assertThat(Migrations.status(database, home()))
                    .extracting(MigrationStatus::state)
                    .containsExactly(State.APPLIED, State.APPLIED, State.PENDING);
        }
    }

    @Test
    void whatCannotBeInATransactionStandsAlone() {
        files.with("migrations/V003__both.sql", "SELECT 1;\nCREATE INDEX CONCURRENTLY other ON users (name);\n");
        try (Database database = open(Access.WRITE)) {
            ProblemException refused =
                    catchThrowableOfType(ProblemException.class, () -> Migrations.up(database, home()));
            assertThat(refused.problems().get(0).where()).isEqualTo("migrations/V003__both.sql:2");
            assertThat(refused.problems().get(0).what())
                    .isEqualTo("this statement cannot be in a transaction, and others in the file can.");
        }
    }

    @Test
    void whatFailsOutsideOfATransactionIsRemembered() {
        server.execute("CREATE TABLE twice (id bigint); INSERT INTO twice VALUES (1), (1)");
        files.with("migrations/V003__unique.sql", "CREATE UNIQUE INDEX CONCURRENTLY once ON twice (id);\n");
        try (Database database = open(Access.WRITE)) {
            ProblemException refused =
                    catchThrowableOfType(ProblemException.class, () -> Migrations.up(database, home()));
            assertThat(refused.problems().get(0).where()).isEqualTo("migrations/V003__unique.sql:1");
            assertThat(refused.problems().get(0).fix()).startsWith("It ran outside of a transaction");
            assertThat(Migrations.status(database, home()).get(2).state()).isEqualTo(State.FAILED);
            assertThat(catchThrowableOfType(ProblemException.class, () -> Migrations.up(database, home()))
                            .problems()
                            .get(0)
                            .what())
                    .isEqualTo("failed half-way the last time, outside of a transaction.");
        }
    }

    @Test
    void whatNoLongerFitsIsNamedAllAtOnce() throws Exception {
        try (Database database = open(Access.WRITE)) {
            Migrations.up(database, home());
            files.with(FIRST, "CREATE TABLE users (id bigint);\n").with("migrations/V001.5__late.sql", "SELECT 1;\n");
            Files.delete(directory.resolve(SECOND));
            assertThat(Migrations.status(database, home()))
                    .extracting(MigrationStatus::where, MigrationStatus::state)
                    .containsExactly(
                            tuple(FIRST, State.CHANGED),
                            tuple("migrations/V001.5__late.sql", State.PENDING),
                            tuple(SECOND, State.MISSING));
            ProblemException refused =
                    catchThrowableOfType(ProblemException.class, () -> Migrations.up(database, home()));
            assertThat(refused.exit()).isEqualTo(ExitCode.USAGE);
            assertThat(refused.problems())
                    .extracting(problem -> problem.where() + ": " + problem.what())
                    .containsExactly(
                            FIRST + ": was changed after it had been applied; the schema is what the old text made.",
                            SECOND + ": was applied to this database, and the file is gone.",
                            "migrations/V001.5__late.sql: comes before version 002, which is applied already.");
        }
    }

    @Test
    void aFileThatNothingWouldRunIsAProblem() {
        files.with("migrations/v3_more.sql", "SELECT 1;\n");
        try (Database database = open(Access.READ)) {
            ProblemException refused =
                    catchThrowableOfType(ProblemException.class, () -> Migrations.status(database, home()));
            assertThat(refused.problems())
                    .hasSize(1)
                    .first()
                    .extracting("where")
                    .isEqualTo("migrations/v3_more.sql");
        }
    }

    @Test
    void noMigrationsAreNothingToDo() throws Exception {
        for (String file : List.of(FIRST, SECOND, "migrations/U001__users.sql", "migrations/U002__find_users.sql")) {
            Files.delete(directory.resolve(file));
        }
        try (Database database = open(Access.WRITE)) {
            assertThat(Migrations.pending(database, home())).isFalse();
            assertThat(Migrations.up(database, home())).isEmpty();
        }
        assertThat(server.value("SELECT to_regclass('public.flyway_schema_history')"))
                .isNull();
    }

    private Home home() {
        return files.home();
    }

    private Database open(Access access) {
        Home home = home();
        return Database.open(home, Settings.of(home), access);
    }

    private void administer(String sql) {
        try (var connection = server.connectAsAdministrator();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
