package io.nightshift.keyed;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.TestDatabase;
import io.nightshift.TestHome;
import io.nightshift.TestRun;
import io.nightshift.chunk.Counts;
import io.nightshift.run.books.RunResult;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever has an order can be a key: every row is found once, the smallest one included, and no row twice. */
class KeyTypesTest {

    private static final TestDatabase DATABASE = TestDatabase.create();

    /** The type of a key, and some values of it as a list of SQL expressions. */
    private static final Map<String, String> SINGLE = new LinkedHashMap<>();

    static {
        SINGLE.put("smallint", "-32768, -1, 0, 1, 2, 10, 32767");
        SINGLE.put("integer", "-2147483648, -7, 0, 5, 40, 300");
        SINGLE.put("bigint", "-9223372036854775808, -100, -9, 0, 9, 100, 9223372036854775807");
        SINGLE.put("numeric", "-12345678901234567890.5, -0.001, 0, 0.10, 2, 10, 'Infinity', 'NaN'");
        SINGLE.put(
                "double precision",
                "'-Infinity', -1.5e300, 0.1, 1.0 / 3, 0.30000000000000004, 1e-300, 'Infinity', 'NaN'");
        SINGLE.put("boolean", "false, true");
        SINGLE.put(
                "text",
                "'', ' ', 'a', 'B', 'b', 'a,b', 'say \"hi\"', 'back\\slash', 'it''s', '{}', 'NULL', 'null', 'Ä', 'ß',"
                        + " E'two\\nlines', E'tab\\t', '𝄞 clef', 'e' || chr(769), '日本', repeat('x', 1999)");
        SINGLE.put("text COLLATE \"C\"", "'', 'a', 'B', 'b', 'Ä', 'zz', 'ä'");
        SINGLE.put("varchar(5)", "'', '1', '10', '2', 'A b'");
        SINGLE.put("char(4)", "'', 'a', 'ab', 'abcd', 'b'");
        SINGLE.put("\"char\"", "'a', 'b', '\"', ' '");
        SINGLE.put("bytea", "'', '\\x00', '\\x5c22', '\\xff00', 'abc'");
        SINGLE.put(
                "uuid",
                "'00000000-0000-0000-0000-000000000000', 'ffffffff-ffff-ffff-ffff-ffffffffffff',"
                        + " 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '10000000-0000-0000-0000-000000000000'");
        SINGLE.put("date", "'-infinity', '0044-03-15 BC', '1999-12-31', '2026-01-02', '2026-02-01', 'infinity'");
        SINGLE.put(
                "timestamptz",
                "'2026-03-29 00:59:59.999999Z', '2026-03-29 01:00:00.000001Z', '2026-10-25 00:30Z',"
                        + " '2026-10-25 01:30Z', '1890-01-01Z', 'infinity'");
        SINGLE.put("timestamp", "'2026-03-29 02:30:00', '2026-03-29 02:30:00.000001', '2026-01-02', '2026-02-01'");
        SINGLE.put("time", "'00:00', '23:59:59.999999', '24:00', '12:00'");
        SINGLE.put("interval", "'-1 day', '0', '1 second', '1 month', '1 year 2 days 00:00:00.000001'");
        SINGLE.put("inet", "'10.0.0.1', '10.0.0.2/8', '192.168.0.1', '::1'");
        SINGLE.put("size", "'small', 'Large one', 'medium', 'it''s, \"huge\"'");
        SINGLE.put("shop.\"Colour\"", "'red', 'Green', 'blue'");
        SINGLE.put("positive", "1, 2, 3");
    }

    @TempDir
    Path directory;

    @AfterAll
    static void drop() {
        DATABASE.close();
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 1", "1, 3", "2, 3"})
    void everyRowIsDoneOnceWhateverTheTypeOfItsKey(int chunk, int connections) {
        DATABASE.execute(
                """
                DROP SCHEMA IF EXISTS shop CASCADE;
                DROP TYPE IF EXISTS size CASCADE;
                DROP DOMAIN IF EXISTS positive CASCADE;
                CREATE SCHEMA shop;
                CREATE TYPE shop."Colour" AS ENUM ('red', 'Green', 'blue');
                CREATE TYPE size AS ENUM ('small', 'medium', 'Large one', 'it''s, "huge"');
                CREATE DOMAIN positive AS integer CHECK (VALUE > 0)""");
        TestHome home = TestHome.in(directory);
        StringBuilder job = new StringBuilder("chunk: %d\nconnections: %d\nsteps:\n".formatted(chunk, connections));
        SINGLE.forEach((type, values) -> {
            String table = table(type);
            create(table, type, values);
            home.with("mappers/" + table + ".xml", mapper(table));
            job.append("  - update: {table: %1$s, keys: %1$s.all, apply: %1$s.count}\n".formatted(table));
        });
        String name = "count-%d-%d".formatted(chunk, connections);

        RunResult result = TestRun.of(
                home.with("jobs/" + name + ".yml", job.toString()).on(DATABASE).home(), name);

        assertThat(result.problem()).isEmpty();
        SINGLE.keySet().forEach(type -> assertThat(
                        DATABASE.value("SELECT count(*) > 0 AND bool_and(times = 1) FROM " + table(type)))
                .as(type)
                .isEqualTo("t"));
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "3, 1", "1000, 1", "2, 3"})
    void severalColumnsAreOneKey(int chunk, int connections) {
        DATABASE.execute(
                """
                DROP TABLE IF EXISTS pairs;
                CREATE TABLE pairs (
                  "Team" text, hero_id integer, at timestamptz, times integer NOT NULL DEFAULT 0,
                  PRIMARY KEY ("Team", hero_id, at)
                );
                INSERT INTO pairs
                SELECT t, h, timestamptz '2026-10-25 00:30:00.000001Z' + d * interval '1 hour'
                FROM unnest(ARRAY['', 'b', 'B', 'a,"b"', 'a\\']) t,
                  generate_series(-2, 2) h,
                  generate_series(0, 1) d""");
        RunResult result = TestRun.of(
                TestHome.in(directory)
                        .with(
                                "mappers/pairs.xml",
                                """
                                <mapper namespace="pairs">
                                  <select id="all">
                                    /* nightshift: pairs.all */
                                    SELECT "Team", hero_id, at
                                    FROM pairs
                                  </select>
                                  <update id="count">
                                    /* nightshift: pairs.count */
                                    UPDATE pairs
                                    SET times = times + 1
                                    FROM unnest(#{keys.Team}, #{keys.heroId}, #{keys.at}) AS k (team, hero_id, at)
                                    WHERE pairs."Team" = k.team
                                      AND pairs.hero_id = k.hero_id
                                      AND pairs.at = k.at
                                  </update>
                                </mapper>
                                """)
                        .with(
                                "jobs/count-pairs-%d-%d.yml".formatted(chunk, connections),
                                """
                                chunk: %d
                                connections: %d
                                steps:
                                  - update: {table: pairs, keys: pairs.all, apply: pairs.count}
                                """
                                        .formatted(chunk, connections))
                        .on(DATABASE)
                        .home(),
                "count-pairs-%d-%d".formatted(chunk, connections));

        assertThat(result.problem()).isEmpty();
        assertThat(result.rows()).isEqualTo(new Counts(50, 50, 0, 0));
        assertThat(DATABASE.value("SELECT bool_and(times = 1) FROM pairs")).isEqualTo("t");
    }

    @Test
    void aCollationThatCallsDifferentTextsEqualLosesNoRow() {
        DATABASE.execute(
                """
                CREATE COLLATION anycase (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
                CREATE TABLE names (id integer PRIMARY KEY, name text COLLATE anycase NOT NULL, times integer DEFAULT 0);
                INSERT INTO names SELECT n, (ARRAY['anna', 'ANNA', 'Anna', 'bert', 'BERT'])[n % 5 + 1]
                FROM generate_series(1, 20) n""");
        RunResult result = TestRun.of(
                TestHome.in(directory)
                        .with(
                                "mappers/names.xml",
                                """
                                <mapper namespace="names">
                                  <select id="all">
                                    /* nightshift: names.all */
                                    SELECT name
                                    FROM names
                                    WHERE times = 0
                                  </select>
                                  <update id="count">
                                    /* nightshift: names.count */
                                    UPDATE names
                                    SET times = times + 1
                                    WHERE name = ANY (#{keys})
                                      AND times = 0
                                  </update>
                                </mapper>
                                """)
                        .with(
                                "jobs/count-names.yml",
                                """
                                chunk: 2
                                steps:
                                  - update: {table: names, keys: names.all, apply: names.count, rows-per-key: many}
                                """)
                        .on(DATABASE)
                        .home(),
                "count-names");

        assertThat(result.problem()).isEmpty();
        assertThat(DATABASE.value("SELECT bool_and(times = 1) FROM names")).isEqualTo("t");
    }

    private static String table(String type) {
        return "t_" + type.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "_");
    }

    private static void create(String table, String type, String values) {
        DATABASE.execute(
                """
                DROP TABLE IF EXISTS %1$s;
                CREATE TABLE %1$s (key_of_it %2$s PRIMARY KEY, times integer NOT NULL DEFAULT 0);
                INSERT INTO %1$s (key_of_it) VALUES (%3$s)"""
                        .formatted(table, type, rows(values)));
    }

    /** Each value a row; commas inside of quotes and calls are part of a value. */
    private static String rows(String values) {
        StringBuilder rows = new StringBuilder();
        boolean quoted = false;
        int depth = 0;
        for (char c : values.toCharArray()) {
            quoted ^= c == '\'';
            depth += quoted ? 0 : c == '(' ? 1 : c == ')' ? -1 : 0;
            rows.append(c == ',' && !quoted && depth == 0 ? "), (" : String.valueOf(c));
        }
        return rows.toString();
    }

    private static String mapper(String table) {
        return """
                <mapper namespace="%1$s">
                  <select id="all">
                    /* nightshift: %1$s.all */
                    SELECT key_of_it
                    FROM %1$s
                  </select>
                  <update id="count">
                    /* nightshift: %1$s.count */
                    UPDATE %1$s
                    SET times = times + 1
                    WHERE key_of_it = ANY (#{keys})
                  </update>
                </mapper>
                """
                .formatted(table);
    }
}
