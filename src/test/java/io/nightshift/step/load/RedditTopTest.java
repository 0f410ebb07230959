package io.nightshift.step.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.SharedData;
import io.nightshift.TestDatabase;
import io.nightshift.TestHome;
import io.nightshift.TestRun;
import io.nightshift.content.Home;
import io.nightshift.problem.ExitCode;
import io.nightshift.problem.Problem;
import io.nightshift.run.books.RunResult;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** 190 files of real posts by one glob into one table. */
class RedditTopTest {

    private static final List<String> COLUMNS = List.of(
            "created_utc",
            "score",
            "domain",
            "id",
            "title",
            "ups",
            "downs",
            "num_comments",
            "permalink",
            "selftext",
            "link_flair_text",
            "over_18",
            "thumbnail",
            "subreddit_id",
            "edited",
            "link_flair_css_class",
            "author_flair_css_class",
            "is_self",
            "name",
            "url",
            "distinguished");

    private static final String JOB =
            """
            parameters:
              files: {type: path, required: true}
            steps:
              - load:
                  from: ${files}
                  into: posts
                  loaded-before: %s
            """;

    @TempDir
    private Path directory;

    private final Path files = SharedData.set("reddit_top").resolve("csv").toAbsolutePath();
    private TestDatabase database;
    private Home home;

    @BeforeEach
    void createTable() {
        database = TestDatabase.create();
        database.execute("CREATE TABLE posts (" + String.join(" text, ", COLUMNS) + " text)");
        home = TestHome.in(directory)
                .with("jobs/load-posts.yml", JOB.formatted("refuse"))
                .with("jobs/load-new-posts.yml", JOB.formatted("skip"))
                .with("jobs/load-posts-again.yml", JOB.formatted("load"))
                .on(database)
                .home();
    }

    @AfterEach
    void drop() {
        database.close();
    }

    @Test
    void everyRowOfEveryFileArrives() {
        RunResult result = TestRun.of(home, "load-posts", "files=" + files + "/*.csv.gz");
        assertThat(result.problem()).isEmpty();
        assertThat(result.rows().written()).isEqualTo(185_437);
        assertThat(database.value("SELECT count(*) FROM nightshift.file")).isEqualTo("190");
        ExpectedTable expected = ExpectedTable.of(SharedData.set("reddit_top"), "posts");
        expected.hasRowsAndKeys(database);
        expected.hasNullsEmptyTextsAndSums(database);
        expected.hasRowsLike(database, COLUMNS);
        assertThat(rowsOf("hardware")).isEqualTo(1000);
        ExpectedTable.all(SharedData.set("reddit_top"))
                .get("rows_per_file")
                .properties()
                .forEach(file -> assertThat(rowsOf(file.getKey()))
                        .as(file.getKey())
                        .isEqualTo(file.getValue().asInt()));
    }

    @Test
    void theSameFilesAreRefusedLeftOutOrLoadedAgain() {
        String golf = "files=" + files + "/{golf,discgolf}.csv.gz";
        String moreGolf = "files=" + files + "/{golf,discgolf,tennis}.csv.gz";
        for (String job : List.of("load-posts", "load-new-posts", "load-posts-again")) {
            assertThat(TestRun.of(home, job, golf).exit()).isEqualTo(ExitCode.DONE);
        }
        assertThat(rows()).isEqualTo(6000);

        RunResult refused = TestRun.of(home, "load-posts", moreGolf);
        assertThat(refused.exit()).isEqualTo(ExitCode.REFUSED);
        assertThat(refused.problem())
                .contains(new Problem(
                        files + "/discgolf.csv.gz",
                        "the same content was loaded before, by run 1",
                        "Nothing was loaded. To load it again write \"loaded-before: load\" in the step, to leave it"
                                + " out \"skip\"."));
        assertThat(rows()).isEqualTo(6000);

        assertThat(TestRun.of(home, "load-new-posts", moreGolf).rows().written())
                .isEqualTo(1000);
        assertThat(database.value(
                        "SELECT string_agg(skipped::text, ',' ORDER BY file) FROM nightshift.file WHERE run = 5"))
                .isEqualTo("true,true,false");
        assertThat(TestRun.of(home, "load-posts-again", moreGolf).rows().written())
                .isEqualTo(3000);
        assertThat(rows()).isEqualTo(10_000);
    }

    /** What the ledger says came from this file. */
    private int rowsOf(String name) {
        return Integer.parseInt(String.valueOf(database.value(
                """
                SELECT sum(l.written)
                FROM nightshift.ledger l
                  JOIN nightshift.file f ON f.run = l.run AND f.step = l.step AND f.file::text = l.last[1]
                WHERE f.path = '%s/%s.csv.gz'"""
                        .formatted(files, name))));
    }

    private int rows() {
        return Integer.parseInt(String.valueOf(database.value("SELECT count(*) FROM posts")));
    }
}
