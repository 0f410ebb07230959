package io.nightshift.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nightshift.TestDatabase;
import io.nightshift.database.Database;
import io.nightshift.problem.ProblemException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeysQueryTest {

    private static final List<String> NONE = List.of();

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
    }

    @AfterEach
    void close() throws SQLException {
        connection.rollback();
        connection.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "int4 | -10; -9; 0; 2; 10",
                "int8 | -9223372036854775808; 9; 10; 9223372036854775807",
                "serial | -1; 9; 10",
                "bigserial | -1; 9; 10",
                "numeric | -1.50; 0; 9; 10.25",
                "float8 | -Infinity; -0.1; 9; 10; NaN",
                "text COLLATE \"C\" | ; A; a b; a\"b\\,{}; it's; z; ü",
                "varchar(10) | a; b",
                "char(3) | a; b",
                "name | NULL; a; null",
                "boolean | false; true",
                "\"char\" | a; b",
                "bit(4) | 0001; 1000",
                "uuid | 00000000-0000-0000-0000-000000000001; a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
                "date | 0044-03-15 BC; 1999-12-31; 2024-02-29; infinity",
                "timestamptz | 2024-10-27 02:30:00+02; 2024-10-27 02:30:00+01",
                "interval | PT1H; P30D",
                "bytea | \\x00; \\xff",
                "keys_mood | sad; glad",
                "\"Keys Mood\" | sad; glad",
                "keys_positive | 9; 10",
                "\"Odd Keys\".\"Mood\" | sad; glad",
            })
    void pagesEveryTypeInItsOwnOrder(String type, String inOrder) throws SQLException {
        execute("SET LOCAL TimeZone = 'Europe/Berlin'; CREATE TYPE keys_mood AS ENUM ('sad', 'glad');"
                + "CREATE TYPE \"Keys Mood\" AS ENUM ('sad', 'glad'); CREATE DOMAIN keys_positive AS int8 CHECK (VALUE > 0);"
                + "CREATE SCHEMA \"Odd Keys\"; CREATE TYPE \"Odd Keys\".\"Mood\" AS ENUM ('sad', 'glad')");
        execute("CREATE TABLE things (\"Thing Id\" " + type + ")");
        List<String> keys = List.of(inOrder.split("; ", -1));
        for (int i = keys.size() - 1; i >= 0; i--) {
            execute("INSERT INTO things VALUES ('" + keys.get(i).replace("'", "''") + "')");
        }
        KeysQuery query = describe("SELECT \"Thing Id\" FROM things -- all of them\n", Map.of());
        List<List<String>> rows = keys.stream().map(List::of).toList();

        assertThat(pages(query, 1, KeysQuery.Lock.NONE)).isEqualTo(rows);
        assertThat(pages(query, 2, KeysQuery.Lock.NO_KEY_UPDATE)).isEqualTo(rows);
        assertThat(ask(query.page(NONE, rows.get(1), 9, KeysQuery.Lock.NONE))).isEqualTo(rows.subList(0, 2));
        assertThat(ask(query.first())).containsExactly(rows.get(0));
        assertThat(ask(query.last())).containsExactly(rows.get(rows.size() - 1));
        assertThat(ask(query.withNull())).isEmpty();
        assertThat(ask(query.tooLong())).isEmpty();
        Statement apply = Mappers.select("SELECT count(*) FROM things WHERE \"Thing Id\" = ANY (#{keys})");
        Keys read = query.read(connection, NONE, NONE, keys.size(), KeysQuery.Lock.NO_KEY_UPDATE);
        assertThat(read.rows()).isEqualTo(rows);
        assertThat(query.read(connection, rows.get(0), rows.get(1), 9, KeysQuery.Lock.NONE)
                        .rows())
                .isEqualTo(rows.subList(1, 2));
        assertThat(ask(apply.bind(read.values()))).containsExactly(List.of(String.valueOf(keys.size())));
        assertThat(ask(apply.bind(read.slice(1, 2).values()))).containsExactly(List.of("1"));
        assertThat(ask(apply.bind(query.keys(rows).values()))).containsExactly(List.of(String.valueOf(keys.size())));
    }

    @Test
    void pagesCompositeKeysByTheirRow() throws SQLException {
        execute("CREATE TABLE links (team_id int, \"heroId\" text COLLATE \"C\", PRIMARY KEY (team_id, \"heroId\"));"
                + "INSERT INTO links VALUES (2, 'a'), (10, 'b'), (2, 'b'), (-1, 'z'), (10, 'a')");
        KeysQuery query = describe("SELECT team_id, \"heroId\" FROM links", Map.of());
        List<List<String>> rows = List.of(
                List.of("-1", "z"), List.of("2", "a"), List.of("2", "b"), List.of("10", "a"), List.of("10", "b"));

        assertThat(query.columns()).containsExactly(new KeyColumn("team_id", "int4"), new KeyColumn("heroId", "text"));
        assertThat(pages(query, 2, KeysQuery.Lock.UPDATE)).isEqualTo(rows);
        assertThat(ask(query.page(rows.get(0), rows.get(3), 9, KeysQuery.Lock.NONE)))
                .isEqualTo(rows.subList(1, 4));
        assertThat(ask(query.last())).containsExactly(rows.get(4));
        assertThat(ask(query.splits(2))).containsExactly(rows.get(2), rows.get(4));
        assertThat(query.read(connection, rows.get(0), NONE, 3, KeysQuery.Lock.UPDATE)
                        .values())
                .containsEntry("keys.teamId", new SqlValue("int4[]", "{2,2,10}"))
                .containsEntry("keys.heroId", new SqlValue("text[]", "{a,b,a}"));
    }

    @Test
    void readsEachKeyOfAJoinOnceAndNoneWhereNoneIs() throws SQLException {
        execute("CREATE TABLE links (a int, b text); INSERT INTO links"
                + " VALUES (1, 'x'), (1, 'x'), (1, 'y'), (2, 'y'), (2, '{\"y,'), (2, '{\"y,'), (3, '')");
        KeysQuery query = describe("SELECT a, b FROM links", Map.of());

        Keys read = query.read(connection, NONE, NONE, 9, KeysQuery.Lock.NONE);

        assertThat(read.size()).isEqualTo(7);
        List<List<String>> distinct = ask(new BoundSql("SELECT DISTINCT a, b FROM links ORDER BY a, b", List.of()));
        assertThat(read.distinct().rows()).isEqualTo(distinct).hasSize(5);
        assertThat(read.distinct().without(Set.of(List.of("1", "y"))).rows())
                .isEqualTo(distinct.stream()
                        .filter(key -> !key.equals(List.of("1", "y")))
                        .toList());
        assertThat(query.read(connection, List.of("3", ""), NONE, 9, KeysQuery.Lock.NONE)
                        .size())
                .isZero();
    }

    @Test
    void leavesTheBlanksOfUnicodeWhereTheyAre() throws SQLException {
        List<List<String>> rows = Stream.of("\u001fa", "a", "a\u001f", "a\u2003", "\u2003", "\u3000", "\u3000a")
                .map(List::of)
                .toList();
        execute("CREATE TABLE things (id text COLLATE \"C\")");
        for (List<String> row : rows) {
            execute("INSERT INTO things VALUES ('" + row.get(0) + "'), ('" + row.get(0) + "')");
        }
        KeysQuery query = describe("SELECT id FROM things", Map.of());

        Keys read = query.read(connection, NONE, NONE, 99, KeysQuery.Lock.NONE).distinct();

        assertThat(read.rows()).isEqualTo(rows);
        Statement apply = Mappers.select("SELECT count(*) FROM things WHERE id = ANY (#{keys})");
        assertThat(ask(apply.bind(read.slice(3, 7).values()))).containsExactly(List.of("8"));
    }

    @Test
    void namesTheColumnOfAKeyThatCannotBeAPosition() throws SQLException {
        execute("CREATE TABLE things (a int, b text); INSERT INTO things VALUES (1, 'NULL'), (2, repeat('\"', 2000))");
        KeysQuery query = describe("SELECT a, b FROM things", Map.of());
        assertThat(query.read(connection, NONE, NONE, 9, KeysQuery.Lock.NONE).columnWithNullOrLonger(2000))
                .isEmpty();

        execute("INSERT INTO things VALUES (3, NULL)");
        assertThat(query.read(connection, NONE, NONE, 9, KeysQuery.Lock.NONE).columnWithNullOrLonger(2000))
                .contains("b");
        execute("UPDATE things SET b = repeat('x', 2001) WHERE a = 3");
        assertThat(query.read(connection, NONE, NONE, 9, KeysQuery.Lock.NONE).columnWithNullOrLonger(2000))
                .contains("b");
    }

    @Test
    void parametersOfTheKeysComeBeforeTheBounds() throws SQLException {
        execute("CREATE TABLE things (id int); INSERT INTO things SELECT generate_series(1, 100)");
        KeysQuery query = describe(
                "SELECT id FROM things WHERE id >= #{from} AND (#{to} IS NULL OR #{to} >= id)",
                Map.of("from", new SqlValue("int8", "90"), "to", new SqlValue("int8", null)));

        BoundSql page = query.page(List.of("91"), List.of("99"), 2, KeysQuery.Lock.NONE);

        assertThat(page.values()).hasSize(5);
        assertThat(ask(page)).containsExactly(List.of("92"), List.of("93"));
        assertThat(ask(query.count(List.of()))).containsExactly(List.of("11"));
    }

    @Test
    void splitsIntoPiecesOfEqualSize() throws SQLException {
        execute("CREATE TABLE things (id int); INSERT INTO things SELECT generate_series(1, 10)");
        KeysQuery query = describe("SELECT id FROM things", Map.of());

        assertThat(ask(query.splits(1))).containsExactly(List.of("10"));
        assertThat(ask(query.splits(3))).containsExactly(List.of("4"), List.of("7"), List.of("10"));
        assertThat(ask(query.splits(20))).hasSize(10).endsWith(List.of("10"));
        assertThat(ask(query.splits(3, 0.999_999))).containsExactly(List.of("4"), List.of("7"), List.of("10"));
        assertThat(ask(query.splits(3, 0))).isEmpty();
        execute("DELETE FROM things");
        assertThat(ask(query.splits(3))).isEmpty();
        assertThat(ask(query.first())).isEmpty();
    }

    @Test
    void findsKeysThatCannotTravel() throws SQLException {
        execute("CREATE TABLE things (a int, b text); INSERT INTO things VALUES (1, 'x'), (2, NULL)");
        assertThat(ask(describe("SELECT a, b FROM things", Map.of()).withNull()))
                .hasSize(1);
        execute("UPDATE things SET b = repeat('ü', 1001)");
        assertThat(ask(describe("SELECT a, b FROM things", Map.of()).tooLong())).hasSize(1);
    }

    @Test
    void describingExecutesNothing() throws SQLException {
        execute("CREATE SEQUENCE calls");
        describe("SELECT nextval('calls') AS id", Map.of());
        assertThat(ask(new BoundSql("SELECT is_called FROM calls", List.of()))).containsExactly(List.of("f"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "SELECT 1 AS id, 2 AS id | mappers/things.xml:2 (things.it): returns two columns \"id\" | Give each key column a name of its own with AS.",
                "SELECT 1 + 1 | mappers/things.xml:2 (things.it): returns a column without a name | Give each key column a name of its own with AS.",
                "SELECT | mappers/things.xml:2 (things.it): returns no column | Let it return the key columns.",
                "SELECT ARRAY[1] AS id | mappers/things.xml:2 (things.it): returns \"id\", which is an array: a key is a single value, or several columns | Let it return another column that tells the rows apart, such as the primary key.",
            })
    void saysWhyColumnsCannotBeKeysAndWhatToDo(String sql, String message, String fix) {
        assertThatThrownBy(() -> describe(sql, Map.of()))
                .isInstanceOf(ProblemException.class)
                .hasMessage(message + System.lineSeparator() + "  " + fix);
    }

    @Test
    void leavesItToPostgresToSayThatATypeHasNoOrder() {
        assertThatThrownBy(() -> describe("SELECT '{}'::json AS id", Map.of()))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("could not identify an ordering operator for type json");
    }

    @Test
    void aPageWalksThePrimaryKey() throws SQLException {
        execute(
                "CREATE TABLE things (a int, b uuid, c int, PRIMARY KEY (a, b)); CREATE UNIQUE INDEX ON things (c);"
                        + "INSERT INTO things SELECT n % 100, gen_random_uuid(), n FROM generate_series(1, 20000) n; ANALYZE things");
        String uuid = "00000000-0000-0000-0000-000000000001";
        KeysQuery single = describe("SELECT c FROM things WHERE b IS NOT NULL", Map.of());
        KeysQuery composite = describe("SELECT a, b FROM things", Map.of());

        for (KeysQuery.Lock lock : KeysQuery.Lock.values()) {
            assertThat(plan(single.page(List.of("5"), List.of("19000"), 100, lock)))
                    .contains("using things_c_idx", "Index Cond: ((c > 5) AND (c <= 19000))")
                    .doesNotContain("Sort");
            assertThat(plan(composite.page(List.of("5", uuid), List.of("90", uuid), 100, lock)))
                    .contains("using things_pkey", "Index Cond: ((ROW(a, b) > ROW(5, ")
                    .doesNotContain("Sort");
        }
        assertThat(plan(composite.last())).contains("Backward using things_pkey");
    }

    @Test
    void aLockedPageLocksItsOwnRowsOnly() throws SQLException {
        execute(
                "CREATE TABLE keys_locked (id int PRIMARY KEY); INSERT INTO keys_locked SELECT generate_series(1, 1000)");
        connection.commit();
        try (Connection other = SESSIONS.dedicated("nightshift test")) {
            KeysQuery query = describe("SELECT id FROM keys_locked", Map.of());
            assertThat(ask(query.page(List.of("10"), NONE, 5, KeysQuery.Lock.UPDATE)))
                    .hasSize(5);
            try (ResultSet free = other.createStatement()
                    .executeQuery("SELECT count(*) FROM (SELECT 1 FROM keys_locked FOR UPDATE SKIP LOCKED) q")) {
                free.next();
                assertThat(free.getInt(1)).isEqualTo(995);
            }
        } finally {
            connection.rollback();
            execute("DROP TABLE keys_locked");
            connection.commit();
        }
    }

    private KeysQuery describe(String sql, Map<String, SqlValue> values) throws SQLException {
        return KeysQuery.describe(connection, Mappers.select(sql), values);
    }

    private List<List<String>> pages(KeysQuery query, int size, KeysQuery.Lock lock) throws SQLException {
        List<List<String>> all = new ArrayList<>();
        List<List<String>> page = ask(query.page(NONE, NONE, size, lock));
        while (!page.isEmpty()) {
            all.addAll(page);
            page = ask(query.page(page.get(page.size() - 1), NONE, size, lock));
        }
        return all;
    }

    private String plan(BoundSql sql) throws SQLException {
        return String.join(
                "\n",
                ask(new BoundSql("EXPLAIN " + sql.sql(), sql.values())).stream()
                        .map(row -> row.get(0))
                        .toList());
    }

    private List<List<String>> ask(BoundSql sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql.sql())) {
            sql.set(statement, 1);
            List<List<String>> result = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    List<String> row = new ArrayList<>();
                    for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                        row.add(rows.getString(i));
                    }
                    result.add(row);
                }
            }
            return result;
        }
    }

    private void execute(String sql) throws SQLException {
        try (java.sql.Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
