package io.nightshift.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nightshift.problem.Problem;
import io.nightshift.problem.Problems;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StatementTest {

    @Test
    void bindsEachPlaceholderInOrder() {
        Statement statement = Mappers.select(
                "SELECT id FROM things WHERE id = ANY (#{keys}) AND #{ cutOff } > at OR #{cutOff} IS NULL");
        SqlValue keys = new SqlValue("uuid[]", "{}");
        SqlValue cutOff = new SqlValue("timestamptz", null);

        BoundSql bound = statement.bind(Map.of("keys", keys, "cutOff", cutOff, "unused", cutOff));

        assertThat(bound.sql())
                .isEqualTo(
                        "/* nightshift: things.it */\nSELECT id FROM things WHERE id = ANY (?) AND ? > at OR ? IS NULL");
        assertThat(bound.values()).containsExactly(keys, cutOff, cutOff);
    }

    @Test
    void takesTheColumnsOfCompositeKeysByTheirNames() {
        Statement statement = Mappers.select("SELECT * FROM unnest(#{keys.teamId}, #{keys.heroId})");
        SqlValue teams = SqlValue.array("int4", List.of("1", "2"));
        SqlValue heroes = SqlValue.array("text", List.of("a", "b"));

        assertThat(statement.parameters()).containsExactlyInAnyOrder("keys.teamId", "keys.heroId");
        assertThat(statement
                        .bind(Map.of("keys.teamId", teams, "keys.heroId", heroes))
                        .values())
                .containsExactly(teams, heroes);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a != null | int8 | 1 | yes",
                "a != null | int8 | | no",
                "a == null | text | | yes",
                "a > 9 | int8 | 10 | yes",
                "a &gt;= 10 and a lt 11 | int4 | 10 | yes",
                "a &lt; 1.50 | numeric | 1.5 | no",
                "a == 1.50 | numeric | 1.5 | yes",
                "a == -1 | int2 | -1 | yes",
                "a > 0 | int8 | | no",
                "a == 'full' | text | full | yes",
                "a == 'full' or !(a == null) | text | half | yes",
                "not a | bool | t | no",
                "a | boolean | true | yes",
                "a == true &amp;&amp; true | bool | f | no",
                "a != null and a != \"x\" | text | x | no",
            })
    void decidesATestByTheValuesType(String test, String type, String text, String expected) {
        Statement statement = Mappers.select("SELECT 1 <if test='" + test.replace("'", "&apos;") + "'>yes</if>");
        String sql = statement.bind(Map.of("a", new SqlValue(type, text))).sql();
        assertThat(sql.contains("yes") ? "yes" : "no").isEqualTo(expected);
        assertThat(statement.parameters()).containsExactly("a");
    }

    @Test
    void elementsOfAListKeepTypeAndText() {
        Statement statement = Mappers.select(
                "SELECT 1 WHERE <foreach collection='words' item='word' index='n' open='(' separator=' OR ' close=')'>"
                        + "title LIKE #{word} AND <foreach collection='sizes' item='size' separator=' AND '>#{size} > #{n} + length(#{word})</foreach>"
                        + "</foreach>");
        SqlValue words = new SqlValue("varchar[]", "{\"a \\\"b\\\", {c}\",NULL}");
        SqlValue sizes = new SqlValue("numeric[]", "{1.50,2e3}");

        BoundSql bound = statement.bind(Map.of("words", words, "sizes", sizes));

        SqlValue first = new SqlValue("varchar", "a \"b\", {c}");
        SqlValue second = new SqlValue("varchar", null);
        SqlValue half = new SqlValue("numeric", "1.50");
        SqlValue thousands = new SqlValue("numeric", "2e3");
        SqlValue zero = new SqlValue("int8", "0");
        SqlValue one = new SqlValue("int8", "1");
        assertThat(bound.values())
                .containsExactly(
                        first, half, zero, first, thousands, zero, first, second, half, one, second, thousands, one,
                        second);
        assertThat(statement.parameters()).containsExactlyInAnyOrder("words", "sizes");
    }

    @Test
    void anAbsentOrEmptyListHasNoElements() {
        Statement statement = Mappers.select("SELECT 1 <foreach collection='ids' item='id'>x #{id}</foreach>");
        assertThat(statement.bind(Map.of("ids", new SqlValue("int8[]", null))).sql())
                .endsWith("SELECT 1");
        assertThat(statement.bind(Map.of("ids", new SqlValue("int8[]", "{}"))).sql())
                .endsWith("SELECT 1");
    }

    @Test
    void saysWhichValuesAreMissing() {
        Statement statement = Mappers.select("SELECT #{b} <if test='a != null'>, #{a}</if>");
        assertThatThrownBy(() -> statement.bind(Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("mappers/things.xml:2 (things.it): no value is given for a, b");
    }

    @Test
    void showsDynamicPartsAsTheyWereWritten() {
        Statement statement =
                Mappers.select("SELECT 1 &lt; 2 <!-- why --><if test=\"a &gt; 1\">AND <![CDATA[3 < 4]]></if>");
        assertThat(statement.text())
                .isEqualTo("/* nightshift: things.it */\nSELECT 1 < 2 <if test=\"a > 1\">AND 3 < 4</if>");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT id FROM things ORDER BY id",
                "SELECT id FROM things LIMIT 5",
                "SELECT id FROM things OFFSET 5",
                "SELECT id FROM things FETCH FIRST ROW ONLY",
                "SELECT id FROM things FETCH NEXT 3 ROWS ONLY",
                "SELECT id FROM things FOR UPDATE",
                "SELECT id FROM things FOR /* x */ NO KEY UPDATE",
                "SELECT id FROM things FOR KEY SHARE",
                "SELECT id FROM (SELECT id FROM things FOR SHARE) t",
                "(SELECT id FROM things LIMIT 5)",
                "SELECT id FROM a UNION ALL (SELECT id FROM b ORDER BY id)",
                "WITH gone AS (DELETE FROM things RETURNING id) SELECT id FROM gone",
                "WITH gone AS MATERIALIZED (MERGE INTO a USING b ON true WHEN MATCHED THEN DO NOTHING RETURNING id) SELECT id FROM gone",
                "SELECT id FROM things <if test='a != null'>LIMIT 5</if>",
            })
    void refusesKeysThatPageThemselves(String sql) {
        assertThat(problemsAsKeys(Mappers.select(sql))).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT id FROM things WHERE note = 'ORDER BY LIMIT' -- FOR UPDATE",
                "SELECT id FROM things WHERE EXISTS (SELECT 1 FROM x ORDER BY y LIMIT 1)",
                "SELECT id, row_number() OVER (ORDER BY id) AS n FROM things",
                "SELECT id AS \"limit\" FROM things WHERE substring(x FROM 1 FOR 2) = $q$ LIMIT $q$",
                "WITH old AS (SELECT id FROM things) SELECT id FROM old",
            })
    void acceptsKeysThatOnlySayWhichRows(String sql) {
        assertThat(problemsAsKeys(Mappers.select(sql))).isEmpty();
    }

    @Test
    void namesThePlaceOfWhatKeysMayNotContain() {
        assertThat(problemsAsKeys(Mappers.select("SELECT id\nFROM things\nORDER BY id")))
                .containsExactly(new Problem(
                        "mappers/things.xml:6 (things.it)",
                        "keys may not contain ORDER BY.",
                        "Take it out: the engine orders the keys and asks for one page at a time."));
        assertThat(problemsAsKeys(Mappers.statement(
                        "<delete id='it'>\n/* nightshift: things.it */\nDELETE FROM things</delete>")))
                .containsExactly(new Problem(
                        "mappers/things.xml:2 (things.it)",
                        "keys must be a <select>, this is <delete>.",
                        "Name the <select> that returns the keys of the rows to work on."));
    }

    @Test
    void knowsTheNamesItMentions() {
        Statement statement = Mappers.select("SELECT id FROM Loaded JOIN \"Odd\" ON note = 'hidden' -- comment");
        assertThat(List.of("loaded", "Odd", "id")).allMatch(statement::mentions);
        assertThat(List.of("hidden", "comment", "odd")).noneMatch(statement::mentions);
    }

    @Test
    void noticesWhetherItRepeatsTheConditionOfTheKeys() {
        Statement keys = Mappers.select("SELECT u.id FROM users u WHERE #{cutOff} > u.deleted_at AND u.id > 0");
        assertThat(Mappers.select("SELECT 1 FROM users WHERE id = ANY (#{keys}) AND #{cutOff} > deleted_at")
                        .repeatsConditionOf(keys))
                .isTrue();
        assertThat(Mappers.select("SELECT 1 FROM users WHERE id = ANY (#{keys})")
                        .repeatsConditionOf(keys))
                .isFalse();
        assertThat(Mappers.select("SELECT id FROM users").hasCondition()).isFalse();
    }

    private static List<Problem> problemsAsKeys(Statement statement) {
        Problems problems = new Problems();
        statement.checkKeys(problems);
        return problems.all();
    }
}
