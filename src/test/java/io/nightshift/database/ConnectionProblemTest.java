package io.nightshift.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.nightshift.TestDatabase;
import io.nightshift.TestHome;
import io.nightshift.content.Home;
import io.nightshift.content.Settings;
import io.nightshift.database.Database.Access;
import io.nightshift.problem.ExitCode;
import io.nightshift.problem.Problem;
import io.nightshift.problem.ProblemException;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConnectionProblemTest {

    private static final TestDatabase DATABASE = TestDatabase.create();

    @TempDir
    private Path directory;

    @AfterAll
    static void drop() {
        DATABASE.close();
    }

    @Test
    void aWrongPassword() {
        Problem problem = problemOf(DATABASE.url("nightshift", "topsecret"));
        assertThat(problem.what()).isEqualTo("the server refuses this role or its password.");
        assertThat(problem.where()).endsWith(" as nightshift");
        assertThat(problem.text()).doesNotContain("topsecret").doesNotContain("\n\n");
    }

    @Test
    void aRoleThatDoesNotExist() {
        assertThat(problemOf(DATABASE.url("nobody_here", "x")).what())
                .isEqualTo("the server refuses this role or its password.");
    }

    @Test
    void noPasswordAtAll() {
        assertThat(problemOf(DATABASE.url().replaceFirst(":[^:@]+@", "@")).what())
                .isEqualTo("the server asks for a password and none is set.");
    }

    @Test
    void aDatabaseThatDoesNotExist() {
        assertThat(problemOf(DATABASE.url().replaceFirst("/test_\\w+", "/no_such_one")))
                .isEqualTo(new Problem(
                        problemOf(DATABASE.url().replaceFirst("/test_\\w+", "/no_such_one"))
                                .where(),
                        "there is no database \"no_such_one\".",
                        "Create it: CREATE DATABASE no_such_one"));
    }

    @Test
    void aDatabaseThatTheRoleMayNotEnter() {
        assumeTrue(DATABASE.onEmbeddedServer(), "needs the embedded server's roles");
        assertThat(problemOf(DATABASE.url().replaceFirst("/test_\\w+", "/postgres"))
                        .what())
                .startsWith("the role may not do this:");
    }

    @Test
    void aServerThatIsAway() throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        Problem problem = problemOf("postgres://ann:x@127.0.0.1:" + free + "/sales");
        assertThat(problem.where()).isEqualTo("127.0.0.1:" + free + "/sales as ann");
        assertThat(problem.what()).isEqualTo("nobody answers there (Connection refused).");
    }

    @Test
    void aMachineThatDoesNotExist() {
        assertThat(problemOf("postgres://ann:x@no-such-machine.invalid/sales").what())
                .isEqualTo("there is no machine of this name.");
    }

    @Test
    void encryptionThatTheServerDoesNotHave() {
        assertThat(problemOf(DATABASE.url() + "?sslmode=require").what()).isEqualTo("The server does not support SSL.");
    }

    @Test
    void somethingThatAcceptsAndSaysNothing() throws IOException {
        try (ServerSocket mute = new ServerSocket(0)) {
            assertThat(problemOf("postgres://ann:x@127.0.0.1:" + mute.getLocalPort() + "/sales", "connect-timeout: 1s")
                            .what())
                    .isEqualTo("the server does not answer in time.");
        }
    }

    @Test
    void whatTheServerRefusesIsNoMatterOfCertificates() {
        Target encrypted = new Target("db:5432", "sales", "ann", null, Map.of("sslmode", "require"));

        Problem encoding = new ConnectionProblem(encrypted)
                .of(refusal("SELECT convert_to(U&'\\2192', 'LATIN1')"))
                .problems()
                .get(0);
        assertThat(encoding.what())
                .startsWith("the encoding of this database lacks a character that a job, its statements, a parameter")
                .contains("0xe2 0x86 0x92");
        assertThat(encoding.fix()).isEqualTo("Write it without the character, or use a database in UTF8.");
        assertThat(new ConnectionProblem(encrypted)
                        .of(refusal("SELECT 1 / 0"))
                        .problems()
                        .get(0)
                        .text())
                .isEqualToNormalizingNewlines(
                        "db:5432/sales as ann: division by zero\n  Look at the server's log for more.");
    }

    private static SQLException refusal(String sql) {
        try (Connection connection = DATABASE.connect();
                Statement statement = connection.createStatement()) {
            return catchThrowableOfType(SQLException.class, () -> statement.execute(sql));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aServerThatIsTooOld() {
        FirstLook look = new FirstLook(new Target("db:5432", "sales", "ann", null, Map.of()));
        look.refuseTooOld(14);
        assertThat(catchThrowableOfType(ProblemException.class, () -> look.refuseTooOld(13)))
                .hasMessageStartingWith("db:5432/sales as ann: is PostgreSQL 13, which is too old.");
    }

    @Test
    void aRoleThatHasAllItsConnections() throws SQLException {
        administer("CREATE ROLE crowded LOGIN PASSWORD 'x' CONNECTION LIMIT 0");
        try {
            assertThat(problemOf(DATABASE.url("crowded", "x")).what())
                    .isEqualTo("all connections of the server are taken.");
        } finally {
            administer("DROP ROLE crowded");
        }
    }

    @Test
    void whatIsUnwiseIsAWarning() throws SQLException {
        assumeTrue(DATABASE.onEmbeddedServer(), "needs the embedded server's roles");
        try (Database database = open(DATABASE.url(), "pool-size: 100", "nodes: 3", "search-path: public, nowhere")) {
            assertThat(database.warnings())
                    .extracting(Problem::what)
                    .containsExactly(
                            "3 nodes with 100 connections each want 300; the server has 297 to give.",
                            "the schema \"nowhere\" of the search path is not there.");
        }
        administer("CREATE ROLE stranger LOGIN PASSWORD 'x'");
        try (Database database = open(DATABASE.url("stranger", "x"))) {
            assertThat(database.warnings())
                    .extracting(Problem::what)
                    .containsExactly("the schema \"nightshift\" is not there and the role may not make it.");
            ProblemException refused = catchThrowableOfType(ProblemException.class, database::createOwnTables);
            assertThat(refused.getMessage()).contains("permission denied").contains("Let its owner run:");
        } finally {
            administer("DROP ROLE stranger");
        }
        administer("CREATE ROLE mighty SUPERUSER LOGIN PASSWORD 'x'");
        try (Database database = open(DATABASE.url("mighty", "x"))) {
            assertThat(database.warnings())
                    .extracting(Problem::what)
                    .containsExactly("the role is a superuser: a job could do anything to the server.");
        } finally {
            administer("DROP ROLE mighty");
        }
    }

    private Problem problemOf(String url, String... settings) {
        ProblemException refused = catchThrowableOfType(ProblemException.class, () -> open(url, settings));
        assertThat(refused.exit()).isEqualTo(ExitCode.FAILED);
        assertThat(refused.problems()).hasSize(1);
        return refused.problems().get(0);
    }

    private Database open(String url, String... settings) {
        List<String> lines = new ArrayList<>(List.of("url: \"" + url + "\""));
        lines.addAll(List.of(settings));
        Home home = TestHome.in(directory)
                .with("jobs/any.yml", "")
                .with("config/application.yml", "nightshift:\n  database:\n    " + String.join("\n    ", lines) + "\n")
                .home();
        return Database.open(home, Settings.of(home), Access.WRITE);
    }

    private static void administer(String sql) throws SQLException {
        try (var connection = DATABASE.connectAsAdministrator();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
