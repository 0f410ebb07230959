package io.nightshift.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nightshift.TestDatabase;
import io.nightshift.database.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BoundSqlTest {

    private static final TestDatabase DATABASE = TestDatabase.create();

    private static final Database SESSIONS = DATABASE.open();

    private Connection connection;

    @AfterAll
    static void drop() {
        SESSIONS.close();
        DATABASE.close();
    }

    @BeforeEach
    void connect() throws SQLException {
        connection = SESSIONS.dedicated("nightshift test");
        connection.setAutoCommit(false);
        execute("CREATE SCHEMA shop");
        execute("CREATE SCHEMA \"Odd Shop\"");
        execute("CREATE TYPE mood AS ENUM ('glad')");
        execute("CREATE TYPE \"Mood\" AS ENUM ('Glad')");
        execute("CREATE TYPE shop.colour AS ENUM ('red')");
        execute("CREATE TYPE \"Odd Shop\".\"Colour\" AS ENUM ('red', 'light blue')");
    }

    @AfterEach
    void close() throws SQLException {
        connection.rollback();
        connection.close();
    }

    @Test
    void aStatementIsPlannedForItsValuesHoweverOftenAndWhatTheServerKeepsForItselfStays() throws SQLException {
        BoundSql sql = new BoundSql("SELECT ? + 1 AS planned", List.of(new SqlValue("int4", "1")));

        for (int i = 0; i < 10; i++) {
            assertThat(sql.execute(connection)).isEqualTo(1);
        }

        try (PreparedStatement look = connection.prepareStatement(
                        """
                        SELECT count(*) FILTER (WHERE statement LIKE '%AS planned'), current_setting('plan_cache_mode')
                        FROM pg_prepared_statements""");
                ResultSet kept = look.executeQuery()) {
            kept.next();
            assertThat(kept.getInt(1)).isZero();
            // Plans of foreign keys and functions are kept: made anew for each row they cost more than the row.
            assertThat(kept.getString(2)).isEqualTo("auto");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "int8 | 9223372036854775807 | bigint",
                "int4 | -5 | integer",
                "numeric | 1.50 | numeric",
                "bool | t | boolean",
                "uuid | a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11 | uuid",
                "text | it's | text",
                "varchar | x | character varying",
                "date | 2024-02-29 | date",
                "timestamptz | 2024-03-31 02:30:00+00 | timestamp with time zone",
                "timestamp | 2024-03-31 02:30:00 | timestamp without time zone",
                "interval | 90 days | interval",
                "jsonb | {\"a\": 1} | jsonb",
                "json | {\"a\": 1} | json",
                "bytea | \\x00ff | bytea",
                "int8[] | {1,NULL,3} | bigint[]",
                "text[] | {\"a b\",NULL} | text[]",
                "uuid[] | {a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11} | uuid[]",
                "timestamptz[] | {\"2024-03-31 02:30:00+00\"} | timestamp with time zone[]",
                "date[] | {2024-02-29} | date[]",
                "numeric[] | {1.5} | numeric[]",
                "bool[] | {t} | boolean[]",
                "interval[] | {\"90 days\"} | interval[]",
                "varchar[] | {a} | character varying[]",
                "bpchar[] | {a} | character[]",
                "\"Mood\" | Glad | \"Mood\"",
                "\"public\".\"Mood\"[] | {Glad} | \"Mood\"[]",
                "\"public\".\"Mood\" | Glad | \"Mood\"",
                "\"Mood\"[] | {Glad} | \"Mood\"[]",
                "\"Mood\" | Glad | \"Mood\"",
                "\"Mood\"[] | {Glad} | \"Mood\"[]",
                "mood | glad | mood",
                "mood[] | {glad} | mood[]",
                "shop.colour | red | shop.colour",
                "shop.colour[] | {red} | shop.colour[]",
                "\"shop\".\"colour\" | red | shop.colour",
                "\"shop\".\"colour\"[] | {red} | shop.colour[]",
                "\"Odd Shop\".\"Colour\" | light blue | \"Odd Shop\".\"Colour\"",
                "\"Odd Shop\".\"Colour\"[] | {\"light blue\"} | \"Odd Shop\".\"Colour\"[]",
            })
    void aValueArrivesInItsTypeAndNullDoesToo(String type, String text, String expected) throws SQLException {
        SqlValue value = new SqlValue(type, text);
        assertThat(typeOf(value)).isEqualTo(expected);
        assertThat(typeOf(new SqlValue(type, null))).isEqualTo(expected);
    }

    private String typeOf(SqlValue value) throws SQLException {
        BoundSql sql = Mappers.select("SELECT pg_typeof(#{p}), #{p} IS NULL").bind(Map.of("p", value));
        try (PreparedStatement statement = connection.prepareStatement(sql.sql())) {
            sql.set(statement, 1);
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                assertThat(rows.getBoolean(2)).isEqualTo(value.text() == null);
                return rows.getString(1);
            }
        }
    }

    private void execute(String sql) throws SQLException {
        try (java.sql.Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void anIntegerIsFoundInANarrowerColumnByItsIndex() throws SQLException {
        execute("CREATE TABLE things (id int PRIMARY KEY)");
        execute("INSERT INTO things SELECT generate_series(1, 10000)");
        execute("ANALYZE things");
        Statement statement = Mappers.select("SELECT id FROM things WHERE id = ANY (#{keys}) AND id >= #{from}");
        BoundSql sql =
                statement.bind(Map.of("keys", new SqlValue("int8[]", "{5,6}"), "from", new SqlValue("int8", "6")));

        try (PreparedStatement explained = connection.prepareStatement("EXPLAIN " + sql.sql())) {
            sql.set(explained, 1);
            try (ResultSet plan = explained.executeQuery()) {
                plan.next();
                assertThat(plan.getString(1)).startsWith("Index Only Scan using things_pkey");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"mood, mood, glad", "mood, mood[], {glad}", "uuid, uuid, a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"})
    void aTextIsComparedWithOtherTypesOnlyByACast(String column, String cast, String text) throws SQLException {
        boolean list = cast.endsWith("[]");
        execute("CREATE TABLE things (it " + column + ")");
        SqlValue value = new SqlValue(list ? "text[]" : "text", text);
        String sql = "SELECT it FROM things WHERE it = " + (list ? "ANY (#{p}%s)" : "#{p}%s");

        run(Mappers.select(sql.formatted("::" + cast)).bind(Map.of("p", value)));
        assertThatThrownBy(() -> run(Mappers.select(sql.formatted("")).bind(Map.of("p", value))))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("operator does not exist: " + column + " = text");
    }

    private void run(BoundSql sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql.sql())) {
            sql.set(statement, 1);
            statement.execute();
        }
    }
}
