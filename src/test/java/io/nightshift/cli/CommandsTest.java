package io.nightshift.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.TestDatabase;
import io.nightshift.TestHome;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands on a database, from the words typed to the words answered. */
class CommandsTest {

    @TempDir
    Path directory;

    private TestDatabase database;

    @BeforeEach
    void aHomeWithOneJob() {
        database = TestDatabase.create();
        TestHome.in(directory)
                .with(
                        "migrations/V1__create_words.sql",
                        """
                        CREATE TABLE words (word text PRIMARY KEY, n int);
                        CREATE TABLE letters (word text NOT NULL REFERENCES words, letter text NOT NULL);
                        """)
                .with(
                        "jobs/number-words.yml",
                        """
                        description: Number the words.
                        parameters:
                          to: {type: integer, default: 1}
                        steps:
                          - update: {table: words, keys: words.unnumbered, apply: words.number}
                        """)
                .with(
                        "jobs/purge-words.yml",
                        """
                        steps:
                          - purge: {table: words, keys: words.numbered, apply: [letters.deleteOfWords, words.delete]}
                        """)
                .with(
                        "mappers/letters.xml",
                        """
                        <mapper namespace="letters">
                          <delete id="deleteOfWords">
                            /* nightshift: letters.deleteOfWords */
                            DELETE FROM letters WHERE word = ANY (#{keys})
                          </delete>
                        </mapper>
                        """)
                .with(
                        "mappers/words.xml",
                        """
                        <mapper namespace="words">
                          <select id="unnumbered">
                            /* nightshift: words.unnumbered */
                            SELECT word FROM words WHERE n IS NULL
                          </select>
                          <update id="number">
                            /* nightshift: words.number */
                            UPDATE words SET n = #{to} WHERE word = ANY (#{keys}) AND n IS NULL
                          </update>
                          <select id="numbered">
                            /* nightshift: words.numbered */
                            SELECT word FROM words WHERE n IS NOT NULL
                          </select>
                          <delete id="delete">
                            /* nightshift: words.delete */
                            DELETE FROM words WHERE word = ANY (#{keys})
                          </delete>
                        </mapper>
                        """)
                .on(database);
    }

    @AfterEach
    void drop() {
        database.close();
    }

    @Test
    void aNightFromMigrationToHistory() {
        assertThat(to("migrate", "up").out()).contains("create words", "1 migration applied.");
        database.execute("INSERT INTO words VALUES ('one'), ('two')");
        assertThat(to("check").out()).isEqualToNormalizingNewlines("2 jobs checked, no problem found.\n");

        Answer run = to("run", "number-words", "to=2", "--json");

        assertThat(run.exit()).isZero();
        assertThat(run.document())
                .containsEntry("job", "number-words")
                .containsEntry("status", "COMPLETED")
                .containsEntry("exit", 0)
                .containsEntry("rows", Map.of("read", 2, "written", 2, "rejected", 0, "skipped", 0));
        assertThat(run.err()).contains("Started run 1 of number-words.", "words.number: 2 rows in ");
        assertThat(to("status").out())
                .isEqualToNormalizingNewlines("Nothing runs, and nothing waits to be continued.\n");
        assertThat(to("history").out()).contains("number-words  COMPLETED");
        assertThat(to("history", "--failed").exit()).isZero();
        assertThat(to("show", "1").out()).contains("Run 1 of number-words: COMPLETED", "Attempts", "Steps", "Chunks");
        assertThat(to("rejects", "1").out()).isEqualToNormalizingNewlines("Run 1 has rejected nothing.\n");
        assertThat(to("resume", "1").exit()).isEqualTo(3);
        assertThat(to("stop", "1").exit()).isEqualTo(3);
        assertThat(to("show", "2").err()).contains("run 2: there is no run of this number");
    }

    @Test
    void aPurgeIsShownWithTheRowsOfEachTable() {
        to("migrate", "up");
        database.execute("INSERT INTO words VALUES ('one', 1), ('two', NULL), ('six', 3);"
                + " INSERT INTO letters VALUES ('one', 'o'), ('one', 'n'), ('one', 'e'), ('two', 't'), ('six', 's')");
        to("run", "purge-words");

        assertThat(to("show", "1").out())
                .contains("Tables")
                .containsPattern("words.delete +letters +4\\R")
                .containsPattern("words.delete +words +2\\R");
        assertThat(to("show", "1", "--json").document())
                .containsEntry(
                        "tables",
                        List.of(
                                Map.of("step", "words.delete", "table", "letters", "rows", 4),
                                Map.of("step", "words.delete", "table", "words", "rows", 2)));
    }

    @Test
    void aSchemaThatIsNotMigratedIsOneProblemAndNotOnePerStatement() {
        Answer answer = to("check");

        assertThat(answer.exit()).isEqualTo(2);
        assertThat(answer.err()).contains("the schema is not migrated").contains("Migrate it: nightshift migrate up.");
    }

    @Test
    void aRunThatFailedIsFoundByTheMorningLook() {
        to("migrate", "up");
        database.execute("ALTER TABLE words ADD CHECK (n < 2); INSERT INTO words VALUES ('one')");

        Answer failed = to("run", "number-words", "to=2");
        Answer history = to("history", "--failed", "--since", "24h", "--json");

        assertThat(failed.exit()).isEqualTo(1);
        assertThat(failed.out()).contains("Run 1 of number-words: FAILED", "1 row was rejected:");
        assertThat(history.exit()).isEqualTo(1);
        assertThat(String.valueOf(history.document().get("runs"))).contains("run=1", "status=FAILED");
        assertThat(to("status").out()).contains("Run 1 of number-words: FAILED", "nightshift resume 1");
        assertThat(to("rejects", "1", "--csv").out().lines().toList()).hasSize(2);
        assertThat(to("abandon", "1", "--reason", "not today").exit()).isZero();
        assertThat(to("history", "--failed").exit()).isZero();
    }

    @Test
    void lookingCreatesNothingForARoleThatMayOnlyRead() throws SQLException {
        database.execute("CREATE TABLE words (word text PRIMARY KEY, n int); INSERT INTO words VALUES ('one')");
        try (Connection administrator = database.connectAsAdministrator();
                Statement statement = administrator.createStatement()) {
            statement.execute("DROP ROLE IF EXISTS looker");
            statement.execute("CREATE ROLE looker LOGIN PASSWORD 'looks'");
            statement.execute("GRANT SELECT ON words TO looker");
        }
        TestHome.in(directory)
                .with(
                        "config/application.yml",
                        "nightshift:\n  database:\n    url: \"" + database.url("looker", "looks") + "\"\n");

        Answer plan = to("plan", "number-words");
        Answer status = to("status");
        Answer history = to("history");
        Answer check = to("check");

        assertThat(plan.exit()).isZero();
        assertThat(plan.out()).contains("words.number  update     1       1  word");
        assertThat(List.of(status.out(), history.out())).allSatisfy(text -> assertThat(text)
                .isEqualToNormalizingNewlines("Nightshift has not run on this database yet.\n"));
        assertThat(status.exit() + history.exit()).isZero();
        assertThat(check.err()).contains("the schema is not migrated");
        assertThat(
                        database.value(
                                "SELECT count(*) FROM pg_class WHERE relnamespace::regnamespace::text !~ '^pg_|^information_schema'"))
                .isEqualTo("2");
        assertThat(database.value("SELECT count(*) FROM pg_namespace WHERE nspname = 'nightshift'"))
                .isEqualTo("0");
    }

    @Test
    void aServerThatIsAwayIsOneLine() {
        TestHome.in(directory)
                .with(
                        "config/application.yml",
                        "nightshift:\n  database:\n    url: \"postgresql://me:secret@127.0.0.1:1/night\"\n");

        Answer answer = to("run", "number-words");

        assertThat(answer.exit()).isEqualTo(1);
        assertThat(answer.err()).contains("127.0.0.1:1").doesNotContain("secret", "\tat ");
    }

    private Answer to(String... words) {
        String[] all = new String[words.length + 2];
        all[0] = "--home";
        all[1] = directory.toString();
        System.arraycopy(words, 0, all, 2, words.length);
        return Answer.to(all);
    }
}
