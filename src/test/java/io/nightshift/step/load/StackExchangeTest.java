package io.nightshift.step.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.SharedData;
import io.nightshift.TestDatabase;
import io.nightshift.TestHome;
import io.nightshift.TestRun;
import io.nightshift.content.Home;
import io.nightshift.database.Database;
import io.nightshift.migrate.Migrations;
import io.nightshift.problem.ExitCode;
import io.nightshift.run.books.RunResult;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The home {@code examples/stack-exchange} on a real dump. */
class StackExchangeTest {

    private static final Set<String> WITH_ORPHANS = Set.of("votes", "postlinks");

    /** Files of the dump by the names of their tables. */
    private static final List<String> TABLES =
            List.of("users", "posts", "tags", "post_tags", "comments", "votes", "badges", "postlinks");

    @TempDir
    private Path directory;

    private final Path dump = SharedData.set("stackexchange_quantum");
    private TestDatabase database;
    private Home home;

    @BeforeEach
    void migrate() throws IOException {
        database = TestDatabase.create();
        copyTree(Path.of("examples/stack-exchange"), directory);
        home = TestHome.in(directory).on(database).home();
        try (Database opened = database.open()) {
            Migrations.up(opened, home);
        }
    }

    @AfterEach
    void drop() {
        database.close();
    }

    @Test
    void everyTableIsAsTheDumpSaysAlsoAfterASecondImport() throws IOException {
        RunResult first = imported("csv");
        everyTableIsRight();
        everyOrphanIsRejectedWithItsMissingParent(first.run());
        RunResult second = imported("csv");
        everyTableIsRight();
        everyOrphanIsRejectedWithItsMissingParent(second.run());
        assertThat(second.run()).isGreaterThan(first.run());
        assertThat(second.rows().written()).isZero();
        assertThat(second.rows().read()).isEqualTo(first.rows().read());
    }

    @Test
    void jsonLinesGiveTheSameTables() throws IOException {
        RunResult run = imported("jsonl");
        everyTableIsRight();
        everyOrphanIsRejectedWithItsMissingParent(run.run());
        assertThat(database.value("SELECT string_agg(substring(path FROM '[^/]*$'), ' ' ORDER BY path)"
                        + " FROM nightshift.file WHERE step IN ('users', 'posts', 'comments', 'votes')"))
                .isEqualTo("comments.jsonl.gz posts.jsonl.gz users.jsonl.gz votes.csv.gz");
    }

    @Test
    void reportsGiveTheKnownAnswers() throws IOException {
        imported("csv");
        JsonNode answers = ExpectedTable.all(dump).get("reports");
        assertThat(report("report-tags", "top=5"))
                .extracting(row -> row.get(0) + "\t" + row.get(1))
                .containsExactlyElementsOf(texts(answers.get("top5_tags")));
        assertThat(report("report-top-users", "top=5"))
                .extracting(row -> row.get(0) + "\t" + row.get(2))
                .containsExactlyElementsOf(texts(answers.get("top5_users_by_posts")));
        assertThat(report("report-activity").subList(0, 3))
                .extracting(row -> row.get(0) + "\t" + row.get(2))
                .containsExactlyElementsOf(texts(answers.get("posts_by_month_first3")));
    }

    @Test
    void votesOfADeletedPostArePurgedAndTheOthersExported() throws IOException {
        imported("csv");
        long votes = number("SELECT count(*) FROM votes");
        long ofOnePost = number("SELECT count(*) FROM votes WHERE post_id = 1");
        database.execute("DELETE FROM posts WHERE id = 1");
        RunResult purged = completed(TestRun.of(home, "purge-orphan-votes"));
        assertThat(purged.rows().written()).isEqualTo(ofOnePost).isPositive();
        assertThat(number("SELECT count(*) FROM votes")).isEqualTo(votes - ofOnePost);

        RunResult questions = completed(TestRun.of(home, "export-posts", "post-type=1"));
        Path written = directory.resolve("reports/export-posts/posts.jsonl");
        assertThat(questions.files()).containsExactly(written.toString());
        assertThat(Files.readAllLines(written))
                .hasSize((int) number("SELECT count(*) FROM posts WHERE post_type_id = 1"));
    }

    private RunResult imported(String format) {
        return completed(TestRun.of(home, "import", "dir=" + dump.toAbsolutePath(), "format=" + format));
    }

    private static RunResult completed(RunResult result) {
        assertThat(result.problem()).isEmpty();
        assertThat(result.exit()).isEqualTo(ExitCode.DONE);
        return result;
    }

    private void everyTableIsRight() throws IOException {
        for (String table : TABLES) {
            ExpectedTable expected = ExpectedTable.of(dump, table);
            List<String> values = Stream.of(lines(table).get(0).split(","))
                    .map(ExpectedTable::snakeCase)
                    .map(column -> asInTheDump(table, column))
                    .toList();
            if (WITH_ORPHANS.contains(table)) {
                hasAllButTheOrphans(table, expected, values);
            } else {
                expected.hasRowsAndKeys(database);
                expected.hasNullsEmptyTextsAndSums(database);
                expected.hasRowsLike(database, values);
            }
        }
    }

    /** These two files quote nothing. */
    private void hasAllButTheOrphans(String table, ExpectedTable expected, List<String> values) throws IOException {
        database.execute("DROP TABLE IF EXISTS expected; CREATE TABLE expected (id text, row text)");
        Map<String, String> orphans = orphans(table);
        String rows = lines(table).stream()
                .skip(1)
                .filter(line -> !orphans.containsKey(line.split(",")[0]))
                .map(line -> "('%s', '%s')".formatted(line.split(",")[0], withNulls(line)))
                .collect(Collectors.joining(", "));
        database.execute("INSERT INTO expected VALUES " + rows);
        assertThat(database.value("SELECT count(*) FROM " + table))
                .isEqualTo(database.value("SELECT count(*) FROM expected"));
        assertThat(expected.md5OfKeys(database))
                .isEqualTo(
                        database.value("SELECT md5(string_agg(id, E'\\n' ORDER BY id COLLATE \"C\")) FROM expected"));
        assertThat(expected.md5OfRows(database, values))
                .isEqualTo(database.value(
                        "SELECT md5(string_agg(md5(row), E'\\n' ORDER BY md5(row) COLLATE \"C\")) FROM expected"));
    }

    private static String withNulls(String line) {
        return Stream.of(line.split(",", -1))
                .map(value -> value.isEmpty() ? "\\N" : value)
                .collect(Collectors.joining("|"));
    }

    private String asInTheDump(String table, String column) {
        String type = database.value("SELECT format_type(atttypid, atttypmod) FROM pg_attribute"
                + " WHERE attrelid = '%s'::regclass AND attname = '%s'".formatted(table, column));
        return switch (String.valueOf(type)) {
            case "timestamp with time zone" ->
                "to_char(" + column + " AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS')";
            case "boolean" -> "initcap(" + column + "::text)";
            default -> column + "::text";
        };
    }

    private void everyOrphanIsRejectedWithItsMissingParent(long run) throws IOException {
        for (String table : WITH_ORPHANS) {
            Map<String, String> orphans = orphans(table);
            assertThat(orphans).hasSize(table.equals("votes") ? 587 : 22);
            String rejects = database.value(
                    """
                    SELECT string_agg(split_part(convert_from(raw, 'UTF8'), ',', 1) || ' '
                      || substring(message FROM '=\\((\\d+)\\) is not present in table "posts"'), ',')
                    FROM nightshift.reject
                    WHERE run = %d AND step = '%s' AND sqlstate = '23503'"""
                            .formatted(run, table));
            assertThat(Stream.of(String.valueOf(rejects).split(",")).map(row -> row.split(" ")))
                    .hasSameSizeAs(orphans.keySet())
                    .allSatisfy(
                            row -> assertThat(orphans.get(row[0]).split(" ")).contains(row[1]));
        }
        assertThat(database.value("SELECT count(*) FROM nightshift.reject WHERE run = " + run))
                .isEqualTo("609");
        assertThat(database.value("SELECT string_agg(DISTINCT constraint_name || ': ' || reason, '; ' ORDER BY"
                        + " constraint_name || ': ' || reason) FROM nightshift.reject WHERE run = " + run))
                .isEqualTo("postlinks_post: the post that a link comes from exists;"
                        + " postlinks_related_post: the post that a link leads to exists;"
                        + " votes_post: the post of a vote exists");
    }

    /** The rows that refer to posts that are not in the dump, with those posts. */
    private Map<String, String> orphans(String table) throws IOException {
        List<String> header = List.of(lines(table).get(0).split(","));
        List<Integer> references = Stream.of("PostId", "RelatedPostId")
                .map(header::indexOf)
                .filter(column -> column >= 0)
                .toList();
        Set<String> posts = Set.of(String.valueOf(database.value("SELECT string_agg(id::text, ',') FROM posts"))
                .split(","));
        Map<String, String> orphans = new TreeMap<>();
        for (String line : lines(table).subList(1, lines(table).size())) {
            String[] fields = line.split(",", -1);
            String missing = references.stream()
                    .map(column -> fields[column])
                    .filter(post -> !post.isEmpty() && !posts.contains(post))
                    .collect(Collectors.joining(" "));
            if (!missing.isEmpty()) {
                orphans.put(fields[0], missing);
            }
        }
        return orphans;
    }

    private List<String> lines(String table) throws IOException {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(dump.resolve(table + ".csv.gz"))), StandardCharsets.UTF_8))) {
            return reader.lines().toList();
        }
    }

    private List<List<String>> report(String job, String... arguments) throws IOException {
        List<String> files = completed(TestRun.of(home, job, arguments)).files();
        assertThat(files).allSatisfy(file -> assertThat(Path.of(file)).isNotEmptyFile());
        String csv =
                files.stream().filter(file -> file.endsWith(".csv")).findFirst().orElseThrow();
        assertThat(files).anyMatch(file -> file.endsWith(".html"));
        return Files.readAllLines(Path.of(csv)).stream()
                .skip(1)
                .map(line -> List.of(line.split(",", -1)))
                .toList();
    }

    private static List<String> texts(JsonNode list) {
        return list.valueStream().map(JsonNode::stringValue).toList();
    }

    private long number(String query) {
        return Long.parseLong(String.valueOf(database.value(query)));
    }

    private static void copyTree(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path copy = to.resolve(from.relativize(file).toString());
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy);
            }
        }
    }
}
