package io.nightshift.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.TestDatabase;
import io.nightshift.TestHome;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whoever may only read can look at everything, and looking leaves nothing behind. */
class ReadOnlyRoleTest {

    private static final TestDatabase NEVER_RAN = TestDatabase.create();
    private static final TestDatabase HAS_RUN = TestDatabase.create();
    private static final String READER = "reader_" + ProcessHandle.current().pid();

    @TempDir
    private static Path neverRan;

    @TempDir
    private static Path hasRun;

    @BeforeAll
    static void aRoleThatMayOnlyRead() throws SQLException {
        administer(HAS_RUN, "CREATE ROLE " + READER + " LOGIN PASSWORD 'reads'");
        NEVER_RAN.execute("CREATE TABLE words (word text PRIMARY KEY, n int); INSERT INTO words VALUES ('moss')");
        NEVER_RAN.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO " + READER);
        TestHome home = home(hasRun)
                .with("migrations/V1__create_words.sql", "CREATE TABLE words (word text PRIMARY KEY, n int);")
                .on(HAS_RUN);
        assertThat(Answer.to("--home", hasRun.toString(), "migrate", "up").exit())
                .isZero();
        HAS_RUN.execute("INSERT INTO words VALUES ('moss')");
        assertThat(Answer.to("--home", hasRun.toString(), "run", "number-words").exit())
                .isZero();
        HAS_RUN.execute("GRANT USAGE ON SCHEMA nightshift TO " + READER);
        HAS_RUN.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public, nightshift TO " + READER);
        asReader(home, HAS_RUN);
        asReader(home(neverRan).with("migrations/.keep", ""), NEVER_RAN);
    }

    @AfterAll
    static void drop() throws SQLException {
        NEVER_RAN.close();
        administer(HAS_RUN, "DROP OWNED BY " + READER + "; DROP ROLE " + READER);
        HAS_RUN.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            plan number-words | 0 | nothing was changed
            check             | 0 | 1 job checked
            status            | 0 | Nightshift has not run on this database yet.
            history           | 0 | Nightshift has not run on this database yet.
            show 1            | 2 | run 1: Nightshift has not run on this database yet.
            rejects 1         | 2 | run 1: Nightshift has not run on this database yet.
            prove 1           | 2 | run 1: Nightshift has not run on this database yet.
            schedule          | 0 | number-words
            migrate status    | 0 | There are no migrations.
            """)
    void whereNightshiftNeverRanLookingCreatesNothing(String words, int exit, String said) {
        looks(neverRan, NEVER_RAN, words, exit, said);
        assertThat(NEVER_RAN.value("SELECT to_regnamespace('nightshift')")).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            plan number-words | 0 | nothing was changed
            check             | 0 | 1 job checked
            status            | 0 | Nothing runs, and nothing waits to be continued.
            history           | 0 | number-words  COMPLETED
            show 1            | 0 | Run 1 of number-words: COMPLETED
            show 99           | 2 | run 99: there is no run of this number
            rejects 1         | 0 | Run 1 has rejected nothing.
            prove 1           | 0 | Run 1 of number-words holds.
            prove 99          | 2 | run 99: there is no run of this number
            schedule          | 0 | number-words
            migrate status    | 0 | V1__create_words.sql
            """)
    void whereItHasRunLookingChangesNothing(String words, int exit, String said) {
        looks(hasRun, HAS_RUN, words, exit, said);
    }

    @Test
    void whatWouldWriteIsRefusedInWords() {
        String before = traces(NEVER_RAN);

        Answer answer = in(neverRan, "run number-words");

        assertThat(answer.exit()).isEqualTo(1);
        assertThat(answer.err())
                .contains("as " + READER, "(schema nightshift)", "GRANT USAGE, CREATE ON SCHEMA nightshift")
                .doesNotContain("\tat ", "Exception");
        assertThat(traces(NEVER_RAN)).isEqualTo(before);
    }

    private static void looks(Path home, TestDatabase database, String words, int exit, String said) {
        String before = traces(database);

        Answer answer = in(home, words);

        assertThat(answer.out() + answer.err()).contains(said);
        assertThat(answer.exit()).isEqualTo(exit);
        assertThat(traces(database)).isEqualTo(before);
    }

    /** What there is in the database, and how many rows were ever written. */
    private static String traces(TestDatabase database) {
        return database.value(
                """
                SELECT concat_ws(' ',
                  (SELECT count(*) FROM pg_class),
                  (SELECT count(*) FROM pg_namespace),
                  (SELECT count(*) FROM pg_proc),
                  (SELECT count(*) FROM pg_type),
                  (SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_user_tables))""");
    }

    private static TestHome home(Path directory) {
        return TestHome.in(directory)
                .with(
                        "jobs/number-words.yml",
                        """
                        description: Number the words.
                        schedule: {cron: "30 1 * * *", zone: UTC}
                        steps:
                          - update: {table: words, keys: words.unnumbered, apply: words.number}
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
                            UPDATE words SET n = 1 WHERE word = ANY (#{keys}) AND n IS NULL
                          </update>
                        </mapper>
                        """);
    }

    private static void asReader(TestHome home, TestDatabase database) {
        home.with(
                "config/application.yml",
                "nightshift:\n  database:\n    url: \"" + database.url(READER, "reads") + "\"\n");
    }

    private static void administer(TestDatabase database, String sql) throws SQLException {
        try (Connection connection = database.connectAsAdministrator();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static Answer in(Path home, String words) {
        return Answer.to(("--home " + home + " " + words).split(" "));
    }
}
