package io.nightshift.step;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.TestDatabase;
import io.nightshift.TestHome;
import io.nightshift.TestRun;
import io.nightshift.content.Home;
import io.nightshift.run.books.RunResult;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is typed on the command line arrives in PostgreSQL as the value that was meant, in its declared type. */
class ParametersTest {

    private static final TestDatabase DATABASE = TestDatabase.create();

    @TempDir
    Path directory;

    @BeforeAll
    static void types() {
        DATABASE.execute("CREATE TYPE mood AS ENUM ('calm', 'it''s \"odd\"')");
    }

    @AfterAll
    static void drop() {
        DATABASE.close();
    }

    @BeforeEach
    void noAnswerYet() {
        DATABASE.execute("DROP TABLE IF EXISTS answers; CREATE TABLE answers (run bigint, answer text)");
    }

    @Test
    void everyTypeIsBoundAsItself() {
        assertThat(answer(
                        """
                        whole: {type: integer}
                          exact: {type: decimal}
                          words: {type: text}
                          flag: {type: boolean}
                          day: {type: date}
                          moment: {type: timestamp}
                          span: {type: duration}
                          mood: {type: enum, values: [calm, angry]}
                        """,
                        """
                        SELECT #{run}, concat_ws('|', pg_typeof(#{whole}), #{whole}, pg_typeof(#{exact}), #{exact},
                          pg_typeof(#{words}), #{words}, pg_typeof(#{flag}), #{flag}, pg_typeof(#{day}), #{day},
                          pg_typeof(#{moment}), #{moment} AT TIME ZONE 'UTC', pg_typeof(#{span}),
                          timestamptz '2026-01-31Z' + #{span} = timestamptz '2026-02-28T01:00Z', #{mood}::mood)
                        """,
                        "whole=-9223372036854775808",
                        "exact=12345678901234567890.125",
                        "words=it's \"a\\b\", {NULL}",
                        "flag=false",
                        "day=2026-02-28",
                        "moment=2026-03-29T01:30:00.000001+01:00",
                        "span=P1MT1H",
                        "mood=calm"))
                .isEqualTo("bigint|-9223372036854775808|numeric|12345678901234567890.125|text|it's \"a\\b\","
                        + " {NULL}|boolean|f|date|2026-02-28|timestamp with time zone|2026-03-29"
                        + " 00:30:00.000001|interval|t|calm");
    }

    @Test
    void aListIsOneArrayWhateverStandsInItsElements() {
        assertThat(answer(
                        """
                        ids: {type: list of integer}
                          names: {type: list of text}
                          moments: {type: list of timestamp}
                          nothing: {type: list of text}
                        """,
                        """
                        SELECT #{run}, concat_ws('|', pg_typeof(#{ids}), 7 = ANY (#{ids}), 8 = ANY (#{ids}),
                          pg_typeof(#{names}), cardinality(#{names}), #{names} = ARRAY['a,b', 'NULL', '', '"', '\\', '{}', ' '],
                          pg_typeof(#{moments}), timestamptz '2026-03-29 00:30Z' = ANY (#{moments}),
                          cardinality(#{nothing}))
                        """,
                        "ids=5,6",
                        "ids=7",
                        "names=a\\,b,NULL,,\"",
                        "names=\\",
                        "names={}, ",
                        "moments=2026-03-29T01:30:00+01:00,2026-03-29T01:30:00Z",
                        "nothing="))
                .isEqualTo("bigint[]|t|f|text[]|7|t|timestamp with time zone[]|t|0");
    }

    @Test
    void anAbsentOptionalOneIsNullInItsType() {
        assertThat(
                        answer(
                                """
                        whole: {type: integer}
                          words: {type: text}
                          moment: {type: timestamp}
                          ids: {type: list of integer}
                        """,
                                """
                        SELECT #{run}, concat_ws('|', #{whole} IS NULL, pg_typeof(#{whole}), #{words} IS NULL,
                          pg_typeof(#{words}), #{moment} IS NULL, pg_typeof(#{moment}), #{ids} IS NULL, pg_typeof(#{ids}),
                          coalesce(#{whole}, 3))
                        """))
                .isEqualTo("t|bigint|t|text|t|timestamp with time zone|t|bigint[]|3");
    }

    @Test
    void jsonUuidEnumsAndArraysAreTextsWithACast() {
        assertThat(answer(
                        """
                        list: {type: text}
                          id: {type: text}
                          moods: {type: list of text}
                        """,
                        """
                        SELECT #{run}, concat_ws('|', #{list}::jsonb -> 1 ->> 'a', jsonb_array_length(#{list}::jsonb),
                          #{id}::uuid, (#{moods}::mood[])[2], #{list}::jsonb ?? 'plain')
                        """,
                        "list=[1, {\"a\": \"it's \\\"b\\\"\"}, \"plain\"]",
                        "id=A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11",
                        "moods=calm,it's \"odd\""))
                .isEqualTo("it's \"b\"|3|a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11|it's \"odd\"|t");
    }

    @Test
    void anIfLooksAtTheValueOrItsAbsence() {
        String parameters = "least: {type: integer}\n";
        String statement =
                """
                SELECT #{run}, 'always'
                <if test="least != null and least > 5"> || ' more than five'</if>
                <if test="least == null"> || ' nothing'</if>
                """;
        assertThat(answer(parameters, statement)).isEqualTo("always nothing");
        assertThat(answer(parameters, statement, "least=5")).isEqualTo("always");
        assertThat(answer(parameters, statement, "least=10")).isEqualTo("always more than five");
    }

    @Test
    void nowAndAsOfAreTheSameInEveryStatementOfARunAndAfterItIsResumed() {
        DATABASE.execute("CREATE TABLE gate (open boolean); INSERT INTO gate VALUES (false)");
        Home home = TestHome.in(directory)
                .with(
                        "mappers/answers.xml",
                        """
                        <mapper namespace="answers">
                          <insert id="first">
                            /* nightshift: answers.first */
                            INSERT INTO answers VALUES (#{run}, concat(#{now}, ' ', #{asOf}))
                          </insert>
                          <insert id="second">
                            /* nightshift: answers.second */
                            INSERT INTO answers
                            SELECT #{run} / CASE WHEN open THEN 1 ELSE 0 END, concat(#{now}, ' ', #{asOf})
                            FROM gate
                          </insert>
                        </mapper>
                        """)
                .with("jobs/answer-twice.yml", "steps:\n  - sql: answers.first\n  - sql: answers.second\n")
                .on(DATABASE)
                .home();
        RunResult failed = TestRun.of(home, "answer-twice");
        assertThat(failed.status()).isEqualTo("FAILED");
        DATABASE.execute("UPDATE gate SET open = true");

        RunResult continued = TestRun.of(home, "answer-twice");

        assertThat(continued.status()).isEqualTo("COMPLETED");
        assertThat(continued.run()).isEqualTo(failed.run());
        assertThat(DATABASE.value("SELECT count(*) || ' ' || count(DISTINCT answer) FROM answers"))
                .isEqualTo("2 1");
        assertThat(DATABASE.value("SELECT bool_and(run = " + failed.run() + ") FROM answers"))
                .isEqualTo("t");
    }

    private String answer(String parameters, String select, String... arguments) {
        DATABASE.execute("TRUNCATE answers");
        RunResult result = TestRun.of(
                TestHome.in(directory)
                        .with(
                                "mappers/answers.xml",
                                """
                                <mapper namespace="answers">
                                  <insert id="answer">
                                    /* nightshift: answers.answer */
                                    INSERT INTO answers
                                    %s
                                  </insert>
                                </mapper>
                                """
                                        .formatted(select))
                        .with("jobs/answer.yml", "parameters:\n  " + parameters + "steps:\n  - sql: answers.answer\n")
                        .on(DATABASE)
                        .home(),
                "answer",
                arguments);
        assertThat(result.problem()).isEmpty();
        return DATABASE.value("SELECT answer FROM answers");
    }
}
