package io.nightshift.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.nightshift.TestDatabase;
import io.nightshift.TestHome;
import io.nightshift.content.Home;
import io.nightshift.content.Settings;
import io.nightshift.database.Database.Access;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseTest {

    private static final TestDatabase DATABASE = TestDatabase.create();

    @TempDir
    private Path directory;

    @AfterAll
    static void drop() {
        DATABASE.close();
    }

    @Test
    void sessionsAreAlikeWhateverTheServersDefaults() throws SQLException {
        try (Database database = DATABASE.open();
                Connection pooled = database.dataSource().getConnection();
                Connection dedicated = database.dedicated("nightshift purge-users 42")) {
            assertThat(settings(pooled)).isEqualTo(expected("nightshift", "off"));
            assertThat(settings(dedicated)).isEqualTo(expected("nightshift purge-users 42", "off"));
            assertThat(pooled.getAutoCommit()).isTrue();
        }
    }

    /** The session that holds the lock on a run is idle as long as the run works: a time-out would end the run. */
    @Test
    void noSettingOfTheRoleEndsASessionOrATransaction() throws SQLException {
        boolean known = Integer.parseInt(DATABASE.value("SHOW server_version_num")) >= 170000;
        Map<String, String> wanted = new LinkedHashMap<>();
        wanted.put("idle_session_timeout", "0");
        wanted.put("array_nulls", "on");
        wanted.put("transform_null_equals", "off");
        wanted.put("exit_on_error", "off");
        if (known) {
            wanted.put("transaction_timeout", "0");
        }
        String role = "ALTER ROLE CURRENT_USER IN DATABASE " + DATABASE.value("SELECT current_database()");
        DATABASE.execute(role + " SET idle_session_timeout = '200ms'");
        DATABASE.execute(role + " SET array_nulls = off");
        DATABASE.execute(role + " SET transform_null_equals = on");
        DATABASE.execute(role + " SET exit_on_error = on");
        if (known) {
            DATABASE.execute(role + " SET transaction_timeout = '200ms'");
        }
        try (Database database = DATABASE.open();
                Connection pooled = database.dataSource().getConnection()) {
            assertThat(settings(pooled, wanted.keySet())).isEqualTo(wanted);
        } finally {
            DATABASE.execute(role + " RESET ALL");
        }
    }

    @Test
    void theEmbeddedServerNeedsNoSettings() throws SQLException {
        assumeTrue(DATABASE.onEmbeddedServer(), "works beside the embedded server of the tests");
        Home home = TestHome.in(directory)
                .with("jobs/any.yml", "")
                .with(
                        "config/application.yml",
                        "nightshift:\n  state: \"%s\"\n  database:\n    embedded: true\n"
                                .formatted(Path.of("target/test-postgres").toAbsolutePath()))
                .home();
        try (Database database = Database.open(home, Settings.of(home), Access.WRITE);
                Connection pooled = database.dataSource().getConnection()) {
            assertThat(database.embedded()).isTrue();
            assertThat(database.schema()).isEqualTo("nightshift");
            assertThat(database.description()).matches("127\\.0\\.0\\.1:\\d+/nightshift as nightshift");
            assertThat(settings(pooled)).isEqualTo(expected("nightshift", "off"));
            assertThat(database.warnings()).isEmpty();
        }
    }

    @Test
    void aConnectionIsOpenedOnlyWhenSomebodyAsks() {
        try (Database database = DATABASE.open()) {
            assertThat(DATABASE.value("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'nightshift'"
                            + " AND datname = current_database()"))
                    .isEqualTo("0");
            assertThat(database.embedded()).isFalse();
        }
    }

    @Test
    void whoOnlyReadsCannotWrite() throws SQLException {
        try (Database database = DATABASE.open(Access.READ);
                Connection pooled = database.dataSource().getConnection()) {
            assertThat(settings(pooled)).isEqualTo(expected("nightshift", "on"));
            try (Statement statement = pooled.createStatement()) {
                assertThat(catchThrowableOfType(
                                        SQLException.class, () -> statement.execute("CREATE TABLE t (id bigint)"))
                                .getSQLState())
                        .isEqualTo("25006");
            }
        }
    }

    private static Map<String, String> expected(String applicationName, String readOnly) {
        Map<String, String> expected = new LinkedHashMap<>();
        expected.put("TimeZone", "UTC");
        expected.put("DateStyle", "ISO, YMD");
        expected.put("IntervalStyle", "iso_8601");
        expected.put("bytea_output", "hex");
        expected.put("extra_float_digits", "1");
        expected.put("search_path", "\"public\"");
        expected.put("row_security", "off");
        expected.put("standard_conforming_strings", "on");
        expected.put("client_encoding", "UTF8");
        expected.put("default_transaction_isolation", "read committed");
        expected.put("default_transaction_read_only", readOnly);
        expected.put("statement_timeout", "0");
        expected.put("lock_timeout", "30s");
        expected.put("idle_in_transaction_session_timeout", "5min");
        expected.put("tcp_keepalives_idle", "10");
        expected.put("application_name", applicationName);
        return expected;
    }

    private static Map<String, String> settings(Connection connection) throws SQLException {
        return settings(connection, expected("", "").keySet());
    }

    private static Map<String, String> settings(Connection connection, Set<String> names) throws SQLException {
        Map<String, String> found = new LinkedHashMap<>();
        for (String name : names) {
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("SHOW " + name)) {
                row.next();
                found.put(name, row.getString(1));
            }
        }
        return found;
    }
}
