package io.nightshift.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.TestDatabase;
import io.nightshift.TestHome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands that only look: they make nothing, and they see what a run would stumble over. */
class LookingTest {

    private static final String MIGRATION =
            "CREATE TABLE words (word text PRIMARY KEY, page int, n int, UNIQUE (page, word));";

    private static final String MAPPER =
            """
            <mapper namespace="words">
              <select id="open">/* nightshift: words.open */
                SELECT page, word FROM words WHERE n IS NULL</select>
              <update id="close">/* nightshift: words.close */
                UPDATE words SET n = 1 WHERE word = ANY (#{keys.text}) AND n IS NULL</update>
              <insert id="merge">/* nightshift: words.merge */
                INSERT INTO words (word, n) SELECT word, n FROM loaded ON CONFLICT (n) DO NOTHING</insert>
              <insert id="mergeWith">/* nightshift: words.mergeWith */
                WITH good AS (SELECT word, nn FROM loaded) INSERT INTO words (word) SELECT word FROM good</insert>
              <insert id="mergeWell">/* nightshift: words.mergeWell */
                INSERT INTO words (word, n) SELECT word, n FROM loaded ON CONFLICT (word) DO UPDATE SET n = excluded.n
              </insert>
            </mapper>
            """;

    @TempDir
    Path directory;

    @Test
    void aHomeWithoutADatabaseStaysWithoutOne() {
        TestHome.in(directory)
                .with("migrations/V1__create_words.sql", MIGRATION)
                .with(
                        "jobs/load-words.yml",
                        "schedule: {cron: \"0 3 * * *\"}\nsteps:\n  - load: {from: w.csv, into: words}\n");

        assertThat(List.of(look("status"), look("history"), look("schedule"), look("check"), look("migrate", "status")))
                .allSatisfy(answer -> assertThat(answer.exit()).isZero());
        assertThat(look("status").out()).contains("this home has no database");
        assertThat(look("check").out())
                .contains("The statements were not tried")
                .contains("1 job checked");
        assertThat(look("migrate", "status").out()).contains("create words").contains("PENDING");
        assertThat(look("history", "--json").document()).containsEntry("runs", List.of());
        assertThat(List.of(look("plan", "load-words"), look("show", "1"), look("rejects", "1")))
                .allSatisfy(answer -> {
                    assertThat(answer.exit()).isEqualTo(2);
                    assertThat(answer.err()).contains("no database yet").contains("nightshift migrate up");
                });
        assertThat(directory.resolve(".nightshift")).doesNotExist();
    }

    @Test
    void aNamedDirectoryThatIsNoHomeIsRefusedWhateverIsWanted() throws Exception {
        Path other = Files.createDirectory(directory.resolve("reports"));

        for (String command : List.of("status", "check", "run", "migrate")) {
            Answer answer =
                    Answer.to("--home", other.toString(), command, command.equals("migrate") ? "up" : "nightly");
            assertThat(answer.exit()).as(command).isEqualTo(2);
        }
        assertThat(Answer.to("--home", other.toString(), "run", "nightly").err())
                .contains("is no home: it has none of jobs/, mappers/, migrations/ and config/.")
                .contains("spelling of --home");
        assertThat(other).isEmptyDirectory();
    }

    @Test
    void checkFindsTablesKeysAndMergesThatPostgresqlWouldRefuse() {
        try (TestDatabase database = TestDatabase.create()) {
            TestHome.in(directory)
                    .with("migrations/V1__create_words.sql", MIGRATION)
                    .with("mappers/words.xml", MAPPER)
                    .with(
                            "jobs/close-words.yml",
                            "steps:\n  - update: {table: wrds, keys: words.open, apply: words.close}\n")
                    .with(
                            "jobs/load-words.yml",
                            """
                            steps:
                              - load: {name: a, from: w.csv, into: wrods}
                              - load: {name: b, from: w.csv, merge: words.merge, columns: {wort: word, zahl: m}}
                              - load: {name: c, from: w.csv, merge: words.mergeWith}
                              - load: {name: d, from: w.csv, merge: words.mergeWell}
                            """)
                    .on(database);
            assertThat(look("migrate", "up").exit()).isZero();

            Answer answer = look("check");

            assertThat(answer.exit()).isEqualTo(2);
            assertThat(answer.err().lines().filter(line -> !line.startsWith("  ")))
                    .containsExactlyInAnyOrder(
                            "jobs/close-words.yml:2 (steps[0].update).table: there is no table wrds in the database",
                            "mappers/words.xml:4 (words.close): uses #{keys.text}, which the keys do not have: their columns"
                                    + " are page, word",
                            "jobs/load-words.yml:2 (steps[0].load).into: there is no table wrods in the database",
                            "jobs/load-words.yml:3 (steps[1].load).columns.zahl: words has no column \"m\"",
                            "mappers/words.xml:6 (words.merge): there is no unique or exclusion constraint matching the ON"
                                    + " CONFLICT specification (SQLSTATE 42P10)",
                            "mappers/words.xml:8 (words.mergeWith): column \"nn\" does not exist; Hint: Perhaps you meant to"
                                    + " reference the column \"loaded.n\"."
                                    + " (SQLSTATE 42703)");
        }
    }

    @Test
    void checkFindsLoadsIntoViewsAndIntoColumnsThatPostgresqlComputes() {
        try (TestDatabase database = TestDatabase.create()) {
            database.execute(
                    """
                    CREATE TABLE words (word text PRIMARY KEY, n int, doubled int GENERATED ALWAYS AS (n * 2) STORED);
                    CREATE VIEW seen AS SELECT word, n FROM words;
                    CREATE MATERIALIZED VIEW kept AS SELECT word, n FROM words;
                    CREATE VIEW open AS SELECT word, n FROM words;
                    CREATE FUNCTION into_words() RETURNS trigger LANGUAGE plpgsql AS $$
                    BEGIN
                      INSERT INTO words (word, n) VALUES (NEW.word, NEW.n);
                      RETURN NEW;
                    END $$;
                    CREATE TRIGGER into_words INSTEAD OF INSERT ON open FOR EACH ROW EXECUTE FUNCTION into_words()""");
            TestHome.in(directory)
                    .with("migrations/.keep", "")
                    .with("w.csv", "word,n\na,1\n")
                    .with("d.csv", "word,doubled\nb,1\n")
                    .with("jobs/open.yml", "steps:\n  - load: {from: w.csv, into: open}\n")
                    .with("jobs/doubled.yml", "steps:\n  - load: {from: d.csv, into: words}\n")
                    .with(
                            "jobs/wrong.yml",
                            """
                            steps:
                              - load: {name: a, from: w.csv, into: seen}
                              - load: {name: b, from: w.csv, into: kept}
                              - load: {name: c, from: w.csv, into: words, columns: {n: doubled}}
                            """)
                    .on(database);

            assertThat(look("check").err().lines().filter(line -> !line.startsWith("  ")))
                    .containsExactlyInAnyOrder(
                            "jobs/wrong.yml:2 (steps[0].load).into: seen is a view, into which COPY cannot write",
                            "jobs/wrong.yml:3 (steps[1].load).into: kept is a view, into which COPY cannot write",
                            "jobs/wrong.yml:4 (steps[2].load).columns.n: the column \"doubled\" of public.words is"
                                    + " GENERATED ALWAYS: PostgreSQL computes it from other columns");
            assertThat(look("run", "doubled").out())
                    .contains("the field \"doubled\" cannot be loaded: the column \"doubled\" of public.words is"
                            + " GENERATED ALWAYS")
                    .contains("Leave the field out of the file")
                    .doesNotContain("Did you mean");
            assertThat(look("run", "open").exit())
                    .as("check is right about what can be loaded")
                    .isZero();
        }
    }

    @Test
    void checkFindsPagesThatCannotBeLocked() {
        try (TestDatabase database = TestDatabase.create()) {
            database.execute("CREATE TABLE words (word text PRIMARY KEY, n int)");
            TestHome.in(directory)
                    .with("migrations/.keep", "")
                    .with(
                            "mappers/words.xml",
                            """
                            <mapper namespace="words">
                            <select id="open">/* nightshift: words.open */
                            SELECT word FROM words GROUP BY word</select>
                            <update id="close">/* nightshift: words.close */
                            UPDATE words SET n = 1 WHERE word = ANY (#{keys})</update>
                            <delete id="drop">/* nightshift: words.drop */
                            DELETE FROM words WHERE word = ANY (#{keys})</delete>
                            </mapper>
                            """)
                    .with(
                            "jobs/close-words.yml",
                            """
                            steps:
                              - update: {table: words, keys: words.open, apply: words.close}
                              - update: {name: b, table: words, keys: words.open, apply: words.close, lock: true}
                              - purge: {table: words, keys: words.open, apply: words.drop}
                            """)
                    .on(database);

            Answer answer = look("check");

            assertThat(answer.exit()).isEqualTo(2);
            assertThat(answer.err().lines())
                    .containsExactly(
                            "jobs/close-words.yml:3 (steps[1].update): FOR NO KEY UPDATE is not allowed with GROUP BY"
                                    + " clause (SQLSTATE 0A000)",
                            "  The step locks the rows of its pages: let its keys come from the table alone, and look for"
                                    + " the rest with EXISTS or IN.",
                            "jobs/close-words.yml:4 (steps[2].purge): FOR UPDATE is not allowed with GROUP BY clause"
                                    + " (SQLSTATE 0A000)",
                            "  The step locks the rows of its pages: let its keys come from the table alone, and look for"
                                    + " the rest with EXISTS or IN.");
        }
    }

    @Test
    void checkSaysWhenScheduledJobsWantMoreConnectionsThanThePoolHas() {
        try (TestDatabase database = TestDatabase.create()) {
            String wide =
                    "schedule: {cron: \"0 3 * * *\"}\nconnections: 4\nsteps:\n  - update: {table: words, keys: words.all, apply: words.close}\n";
            TestHome.in(directory)
                    .with("migrations/V1__create_words.sql", MIGRATION)
                    .with(
                            "mappers/words.xml",
                            """
                            <mapper namespace="words">
                              <select id="all">/* nightshift: words.all */
                                SELECT word FROM words</select>
                              <update id="close">/* nightshift: words.close */
                                UPDATE words SET n = 1 WHERE word = ANY (#{keys})</update>
                            </mapper>
                            """)
                    .with("jobs/close-words.yml", wide)
                    .with("jobs/nightly.yml", "schedule: {cron: \"0 3 * * *\"}\nsteps:\n  - job: {name: close-words}\n")
                    .on(database);
            look("migrate", "up");

            Answer answer = look("check");

            assertThat(answer.exit()).isZero();
            assertThat(answer.err())
                    .contains("8 connections are fewer than the 10 that these scheduled jobs may want at the same time:"
                            + " close-words 5, nightly 5.");
            TestHome.in(directory).on(database, "schedule:", "  threads: 1");
            assertThat(look("check").err()).doesNotContain("connections are fewer");
        }
    }

    private Answer look(String... words) {
        return Answer.to(Stream.concat(Stream.of("--home", directory.toString()), Stream.of(words))
                .toArray(String[]::new));
    }
}
