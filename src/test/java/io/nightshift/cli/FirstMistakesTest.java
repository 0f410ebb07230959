package io.nightshift.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.TestDatabase;
import io.nightshift.TestHome;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One slip of each sort in a purge and a report: the answer names its line and what to write, and nothing else. */
class FirstMistakesTest {

    private static final TestDatabase DATABASE = TestDatabase.create();

    private static final String PURGE = "jobs/purge-drafts.yml";
    private static final String REPORT = "jobs/report-tags.yml";
    private static final String DRAFTS = "mappers/drafts.xml";
    private static final String TAGS = "mappers/tags.xml";

    private static final Map<String, String> HOME = Map.of(
            "migrations/V1__create_posts.sql",
            """
            CREATE TABLE posts (id bigint PRIMARY KEY, title text NOT NULL, created_at timestamptz NOT NULL);
            CREATE TABLE tags (post_id bigint NOT NULL REFERENCES posts ON DELETE CASCADE, name text NOT NULL);
            CREATE TABLE pictures (id bigint PRIMARY KEY, post_id bigint REFERENCES posts ON DELETE CASCADE);
            CREATE TABLE frames (picture_id bigint REFERENCES pictures ON DELETE CASCADE);
            CREATE TABLE visits (post_id bigint REFERENCES posts ON DELETE SET NULL);
            CREATE VIEW drafts AS SELECT id, title, created_at FROM posts;
            """,
            PURGE,
            """
            parameters:
              retention: {type: duration, required: true}
            steps:
              - purge:
                  table: posts
                  keys: posts.olderThan
                  apply: [tags.deleteOfPosts, posts.delete]
            """,
            REPORT,
            """
            parameters:
              at-least: {type: integer, default: 1}
            steps:
              - report:
                  select: tags.counted
                  output:
                    html: true
                    chart: {kind: bar, x: tag, y: [posts]}
            """,
            DRAFTS,
            """
            <mapper namespace="posts">
              <sql id="old">#{now} - #{retention} > created_at</sql>
              <select id="olderThan">
                /* nightshift: posts.olderThan */
                SELECT id
                FROM posts
                WHERE title = ''
                  AND <include refid="old"/>
              </select>
              <delete id="delete">
                /* nightshift: posts.delete */
                DELETE FROM posts
                WHERE id = ANY (#{keys})
              </delete>
            </mapper>
            """,
            TAGS,
            """
            <mapper namespace="tags">
              <delete id="deleteOfPosts">
                /* nightshift: tags.deleteOfPosts */
                DELETE FROM tags
                WHERE post_id = ANY (#{keys})
              </delete>
              <select id="counted">
                /* nightshift: tags.counted */
                SELECT name AS tag,
                  count(*) AS posts
                FROM tags
                GROUP BY name
                HAVING count(*) >= #{atLeast}
              </select>
            </mapper>
            """);

    @TempDir
    private static Path directory;

    @BeforeAll
    static void migrate() {
        write();
        assertThat(to("migrate", "up").exit()).isZero();
    }

    @BeforeEach
    void inOrder() {
        write();
    }

    @AfterAll
    static void drop() {
        DATABASE.close();
    }

    private static TestHome write() {
        TestHome home = TestHome.in(directory).on(DATABASE);
        HOME.forEach(home::with);
        return home;
    }

    /**
     * @param file     that has it
     * @param right    what stands there
     * @param wrong    what is written instead
     * @param answer   all that {@code check} says
     */
    record Slip(String name, String file, String right, String wrong, List<String> answer) {

        static Slip of(String name, String file, String right, String wrong, String... answer) {
            return new Slip(name, file, right, wrong, List.of(answer));
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static List<Slip> slips() {
        String mend = "  Mend the statement, or the schema: nightshift migrate status";
        String cast = "; Hint: No operator matches the given name and argument types."
                + " You might need to add explicit type casts. (SQLSTATE 42883)";
        return List.of(
                Slip.of("nothing wrong", DRAFTS, "SELECT id", "SELECT id"),
                Slip.of(
                        "a column in a fragment",
                        DRAFTS,
                        "> created_at",
                        "> createdat",
                        "mappers/drafts.xml:2 (posts.olderThan): column \"createdat\" does not exist; Hint: Perhaps you"
                                + " meant to reference the column \"posts.created_at\". (SQLSTATE 42703)",
                        mend),
                Slip.of(
                        "SQL that is none",
                        TAGS,
                        "GROUP BY",
                        "GROUPBY",
                        "mappers/tags.xml:12 (tags.counted): syntax error at or near \"name\" (SQLSTATE 42601)",
                        mend),
                Slip.of(
                        "a table",
                        DRAFTS,
                        "DELETE FROM posts",
                        "DELETE FROM post",
                        "mappers/drafts.xml:12 (posts.delete): relation \"post\" does not exist (SQLSTATE 42P01)",
                        mend),
                Slip.of(
                        "keys without ANY",
                        DRAFTS,
                        "id = ANY (#{keys})",
                        "id IN (#{keys})",
                        "mappers/drafts.xml:13 (posts.delete): operator does not exist: bigint = bigint[]" + cast,
                        "  #{keys} is int8[] here, because that is what keys returns. Compare a column of that type,"
                                + " id = ANY (#{keys}), or let keys return another column."),
                Slip.of(
                        "keys of another column",
                        TAGS,
                        "post_id = ANY",
                        "name = ANY",
                        "mappers/tags.xml:5 (tags.deleteOfPosts): operator does not exist: text = bigint" + cast,
                        "  #{keys} is int8[] here, because that is what keys returns. Compare a column of that type,"
                                + " id = ANY (#{keys}), or let keys return another column."),
                Slip.of(
                        "more than the key",
                        DRAFTS,
                        "SELECT id",
                        "SELECT id, title",
                        "mappers/tags.xml:2 (tags.deleteOfPosts): uses #{keys}, which the keys do not have: their columns"
                                + " are id, title",
                        "  Let keys return the key of the table and no more, or write #{keys.id} and #{keys.title}.",
                        "mappers/drafts.xml:10 (posts.delete): uses #{keys}, which the keys do not have: their columns"
                                + " are id, title",
                        "  Let keys return the key of the table and no more, or write #{keys.id} and #{keys.title}."),
                Slip.of(
                        "a statement that is refused is not said to be missing",
                        DRAFTS,
                        "/* nightshift: posts.olderThan */",
                        "/* older */",
                        "mappers/drafts.xml:3 (posts.olderThan): the first line is not its tag, by which it is known in"
                                + " pg_stat_activity.",
                        "  Begin it with the line /* nightshift: posts.olderThan */"),
                Slip.of(
                        "nor one in a file that is no XML",
                        DRAFTS,
                        "#{now} - #{retention} > created_at",
                        "created_at < #{now} - #{retention}",
                        "mappers/drafts.xml:2: this is not well-formed XML: The content of elements must consist of"
                                + " well-formed character data or markup.",
                        "  Correct the XML there; in SQL write &lt; for <, and &amp; for &."),
                Slip.of(
                        "nor one without an id",
                        DRAFTS,
                        "<delete id=\"delete\">",
                        "<delete>",
                        "mappers/drafts.xml:10: <delete> has no id.",
                        "  Write <delete id=\"...\">."),
                Slip.of(
                        "nor one in a file without a namespace",
                        DRAFTS,
                        "<mapper namespace=\"posts\">",
                        "<mapper>",
                        "mappers/drafts.xml:1: <mapper> has no namespace.",
                        "  Write <mapper namespace=\"...\">."),
                Slip.of(
                        "the parent before its children",
                        PURGE,
                        "[tags.deleteOfPosts, posts.delete]",
                        "[posts.delete, tags.deleteOfPosts]",
                        "jobs/purge-drafts.yml:4 (steps[0].purge).apply: the last statement, tags.deleteOfPosts, deletes"
                                + " from public.tags and not from posts",
                        "  Name the children first, and last the statement that deletes from posts. If its rows are to stay,"
                                + " write \"rows-per-key: many\"."),
                Slip.of(
                        "a table of a step",
                        PURGE,
                        "table: posts",
                        "table: post",
                        "jobs/purge-drafts.yml:4 (steps[0].purge).table: there is no table post in the database",
                        "  Did you mean \"posts\"? Look at its spelling and at nightshift.database.search-path, or"
                                + " migrate first: nightshift migrate up"),
                Slip.of(
                        "a key that is needed is not said to be missing as well",
                        PURGE,
                        "keys: posts",
                        "key: posts",
                        "jobs/purge-drafts.yml:6 (steps[0].purge.key): nothing obeys this key.",
                        "  Did you mean \"keys\"? Known here are: name, table, keys, apply, rows-per-key, reject-limit,"
                                + " connections, chunk, rate, max-rows, expect."),
                Slip.of(
                        "a parameter with an underscore",
                        REPORT,
                        "at-least",
                        "at_least",
                        "jobs/report-tags.yml:2 (parameters.at_least): \"at_least\" is not a name for a parameter.",
                        "  Write lower-case words with dashes, for example minimum-length."),
                Slip.of(
                        "a type of another language",
                        PURGE,
                        "type: duration",
                        "type: interval",
                        "jobs/purge-drafts.yml:2 (parameters.retention.type): \"interval\" is not a type.",
                        "  Did you mean \"duration\"?"),
                Slip.of(
                        "a type that does not fit",
                        PURGE,
                        "type: duration",
                        "type: integer",
                        "mappers/drafts.xml:2 (posts.olderThan): operator does not exist: timestamp with time zone -"
                                + " bigint" + cast,
                        mend),
                Slip.of(
                        "a chart of a column that is not selected",
                        REPORT,
                        "y: [posts]",
                        "y: [post]",
                        "jobs/report-tags.yml:4 (steps[0].report).output.chart: the report has no column \"post\"",
                        "  Did you mean \"posts\"?"),
                Slip.of(
                        "a chart of texts",
                        REPORT,
                        "y: [posts]",
                        "y: [posts, tag]",
                        "jobs/report-tags.yml:4 (steps[0].report).output.chart: the column \"tag\" holds no numbers, and y"
                                + " draws numbers",
                        "  Name another column, or cast it in tags.counted."));
    }

    @ParameterizedTest
    @MethodSource("slips")
    void isAnsweredByItsLineAndWhatToWrite(Slip slip) {
        write().with(slip.file(), HOME.get(slip.file()).replace(slip.right(), slip.wrong()));

        Answer answer = to("check");

        assertThat(answer.err().lines()).containsExactlyElementsOf(slip.answer());
        assertThat(answer.exit()).isEqualTo(slip.answer().isEmpty() ? 0 : 2);
    }

    @Test
    void aPurgeMayLeaveTheRowsAndTakeWhatHangsOnThem() {
        write().with(
                        PURGE,
                        HOME.get(PURGE)
                                .replace("[tags.deleteOfPosts, posts.delete]", "tags.deleteOfPosts")
                                .replace("table: posts", "table: posts\n      rows-per-key: many"));

        assertThat(to("check").err()).isEmpty();
    }

    @Test
    void aViewStandsForTheTableBehindIt() {
        write().with(PURGE, HOME.get(PURGE).replace("table: posts", "table: drafts"));

        assertThat(to("check").err()).isEmpty();
    }

    @Test
    void aPlanNamesTheTablesThatLoseRowsSilently() {
        assertThat(to("plan", "purge-drafts", "retention=P1D").out())
                .containsPattern(
                        "posts.delete: also deletes, by ON DELETE CASCADE and uncounted, from frames, pictures\\R");
    }

    @Test
    void aRunAndAPlanNameTheStatementThatPostgresRefuses() {
        write().with(DRAFTS, HOME.get(DRAFTS).replace("> created_at", "> createdat"));

        Answer plan = to("plan", "purge-drafts", "retention=P1D");
        Answer run = to("run", "purge-drafts", "retention=P1D");

        assertThat(plan.out())
                .contains("not explained: mappers/drafts.xml:2 (posts.olderThan): column \"createdat\" does not exist")
                .contains("When it would end is not known");
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.out() + run.err())
                .contains("mappers/drafts.xml:2 (posts.olderThan): column \"createdat\" does not exist")
                .contains("Mend the statement and start anew: nightshift run purge-drafts --new.");
    }

    private static Answer to(String... words) {
        String[] all = new String[words.length + 2];
        all[0] = "--home";
        all[1] = directory.toString();
        System.arraycopy(words, 0, all, 2, words.length);
        return Answer.to(all);
    }
}
