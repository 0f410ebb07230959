package io.nightshift;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.chunk.Counts;
import io.nightshift.chunk.Progress;
import io.nightshift.content.Home;
import io.nightshift.content.Settings;
import io.nightshift.database.Database;
import io.nightshift.problem.ExitCode;
import io.nightshift.run.Engine;
import io.nightshift.run.books.RunResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every shipped job on one sample database, in tiny chunks: stopped behind the first one and resumed, it ends as a
 * statement says that was written without it, and a second run changes nothing.
 */
@TestMethodOrder(OrderAnnotation.class)
class ShippedJobsTest {

    private static final TestDatabase DATABASE = TestDatabase.create();

    @TempDir
    private static Path directory;

    private static final Set<String> STOPPED = new TreeSet<>();

    private static Home home;

    /**
     * @param expected asked before the job runs
     * @param actual   asked afterwards: a query, or the name of a written file and what to look for in it
     */
    private record Case(String job, List<String> arguments, int rejected, String expected, String actual) {
        @Override
        public String toString() {
            return job + " " + String.join(" ", arguments);
        }
    }

    @BeforeAll
    static void sampleData() {
        home = ShippedHome.on(DATABASE, directory, ShippedJobsTest::inTinyChunks);
        RunResult made = TestRun.of(home, "sample-data", "rows=10000");
        assertThat(made.problem()).isEmpty();
        assertThat(made.rows().written()).isGreaterThan(10_000);
        DATABASE.execute(
                """
                INSERT INTO users (username, email, full_name, is_active)
                VALUES ('percent', 'percent@example.org', 'Ann 100% Sure', false),
                  ('thousand', 'thousand@example.org', 'Ann 1000 Sure', false);
                INSERT INTO records (kind, data)
                VALUES ('sign-up', '{"login": "elif4", "mail": "elif@example.net"}');
                INSERT INTO user_phones
                VALUES ('elif4', '+49 1')""");
    }

    private static String inTinyChunks(String job) {
        return job + "chunk: " + (job.contains("- load:") ? 11 : 97) + "\n";
    }

    @AfterAll
    static void drop() {
        DATABASE.close();
    }

    static Stream<Case> cases() {
        return Stream.of(loads(), updatesAndDeletes(), backfills(), purges(), exports(), reports(), nights())
                .flatMap(List::stream);
    }

    private static Case load(String job, String file, int rejected, String expected, String actual) {
        return new Case(job, List.of("file=jobs/samples/" + file), rejected, "SELECT '" + expected + "'", actual);
    }

    /** What is expected was counted from the files by hand. */
    private static List<Case> loads() {
        return List.of(
                load(
                        "load-users",
                        "users.csv",
                        3,
                        "57 2274 8 6",
                        """
                        SELECT concat_ws(' ', count(*), sum(age), count(*) FILTER (WHERE NOT is_active),
                          count(*) FILTER (WHERE created_at > now() - interval '1 hour'))
                        FROM users WHERE email LIKE '%@example.com'"""),
                load(
                        "update-users",
                        "user-changes.csv",
                        2,
                        "57 2462 13",
                        """
                        SELECT concat_ws(' ', count(*), sum(age), count(*) FILTER (WHERE full_name IS NULL))
                        FROM users WHERE email LIKE '%@example.com'"""),
                load(
                        "load-products",
                        "products.csv",
                        3,
                        "23 34 103962.00 689152 27050",
                        """
                        SELECT concat_ws(' ', count(d.id), count(s.id), sum(price * quantity), sum(file_bytes),
                          sum(weight_grams))
                        FROM products LEFT JOIN digital_products d USING (id) LEFT JOIN physical_products s USING (id)
                        WHERE sku LIKE 'NS-%'"""),
                load(
                        "load-entities",
                        "entities.jsonl",
                        2,
                        "25 13",
                        """
                        SELECT count(*) FILTER (WHERE kind = 'person') || ' ' || count(*) FILTER (WHERE kind = 'company')
                        FROM entities WHERE name !~ '^(Person|Company) [0-9]+$'"""),
                load(
                        "load-tasks",
                        "tasks.jsonl",
                        2,
                        "38 26 29 62 WEB-137",
                        """
                        SELECT concat_ws(' ', count(*), count(assignee_id), count(parent_id),
                          (SELECT count(*) FROM task_tags JOIN tasks t ON t.id = task_id WHERE t.reference LIKE 'WEB-%'),
                          (SELECT p.reference FROM tasks t JOIN tasks p ON p.id = t.parent_id
                            WHERE t.reference = 'WEB-104'))
                        FROM tasks WHERE reference LIKE 'WEB-%'"""),
                load(
                        "load-hero-teams",
                        "hero-teams.csv",
                        2,
                        "38 31",
                        """
                        SELECT count(*) || ' ' || count(*) FILTER (WHERE joined_at = date_trunc('day', joined_at, 'UTC'))
                        FROM hero_team_links WHERE hero_id <= 20 AND team_id <= 2"""),
                load(
                        "backfill-user-phone",
                        "user-phones.csv",
                        2,
                        "38 0",
                        """
                        SELECT count(*) || ' ' || (SELECT count(*) FROM user_phones WHERE username <> 'elif4')
                        FROM users WHERE phone LIKE '+44 20 7946 %'"""));
    }

    /** Which rows of a table the job has touched, as the audit log knows it. */
    private static String touched(String job, String action) {
        return "SELECT string_agg(DISTINCT entity_id, ' ' ORDER BY entity_id) FROM audit_log WHERE action = '" + action
                + "' AND changed_by ~ '" + job + "'";
    }

    private static String ids(String from) {
        return "SELECT string_agg(id::text, ' ' ORDER BY id::text) FROM " + from;
    }

    private static Case changes(String job, String action, String rows, String... arguments) {
        return new Case(job, List.of(arguments), 0, ids(rows), touched(job, action));
    }

    private static List<Case> updatesAndDeletes() {
        return List.of(
                changes(
                        "start-pending-tasks",
                        "updated",
                        """
                        tasks WHERE status = 'pending' AND deleted_at IS NULL AND strpos(lower(title), 'the page') > 0
                          AND (priority = 'high' OR priority = 'critical') AND created_at > '2020-01-01'""",
                        "name=The Page",
                        "priorities=high,critical",
                        "created-after=2020-01-01T00:00:00Z"),
                changes(
                        "escalate-overdue-tasks",
                        "updated",
                        """
                        tasks WHERE deadline < now() AND status <> 'completed' AND priority <> 'critical'
                          AND deleted_at IS NULL"""),
                changes(
                        "deactivate-users",
                        "updated",
                        """
                        users WHERE is_active AND deleted_at IS NULL AND email LIKE '%@example.org' AND age > 39
                          AND CASE WHEN last_seen_at IS NULL THEN created_at ELSE last_seen_at END
                            < now() - interval '10 days'""",
                        "inactive-for=P10D",
                        "email-domains=example.org,example.net",
                        "min-age=40"),
                changes("delete-inactive-users", "deleted", "users WHERE username = 'percent'", "name=100%"),
                changes(
                        "soft-delete-tasks",
                        "updated",
                        """
                        tasks WHERE status IN ('in_progress', 'completed') AND priority = 'low'
                          AND deleted_at IS NULL""",
                        "statuses=in_progress,completed",
                        "priorities=low"),
                changes(
                        "delete-completed-tasks",
                        "deleted",
                        """
                        tasks WHERE completed AND deleted_at IS NULL AND updated_at < now() - interval '20 days'
                          AND priority = 'medium'""",
                        "older-than=P20D",
                        "priorities=medium"),
                new Case(
                        "anonymise-users",
                        List.of("usernames=elif4,nobody.at.all"),
                        0,
                        "SELECT '1 erased-4 0 0 0'",
                        """
                        SELECT concat_ws(' ', count(*), min(username),
                          (SELECT count(*) FROM audit_log a
                            WHERE entity_type = 'users' AND a.old_value::text || a.new_value::text ~ 'elif'
                              AND entity_id = '4'),
                          (SELECT count(*) FROM records WHERE data ->> 'login' = 'elif4'),
                          (SELECT count(*) FROM user_phones))
                        FROM users WHERE erased_at IS NOT NULL AND full_name IS NULL AND phone IS NULL"""));
    }

    private static List<Case> backfills() {
        return List.of(
                new Case(
                        "backfill-post-word-count",
                        List.of(),
                        0,
                        "SELECT sum(length(content) - length(replace(content, ' ', '')) + 1) FROM posts",
                        "SELECT sum(word_count) FROM posts"),
                new Case(
                        "backfill-post-search",
                        List.of(),
                        0,
                        "SELECT count(*) || ' ' || count(*) FILTER (WHERE content ~ 'backup') FROM posts",
                        "SELECT count(search) || ' ' || count(*) FILTER (WHERE search @@ 'backup') FROM posts"),
                new Case(
                        "backfill-record-checksum",
                        List.of(),
                        0,
                        "SELECT count(*) FROM records",
                        "SELECT count(*) FROM records WHERE checksum = ltrim(sha256(data::text::bytea)::text, '\\x')"
                                + " OR checksum = substr(sha256(data::text::bytea)::text, 3)"));
    }

    private static List<Case> purges() {
        return List.of(
                new Case(
                        "purge-soft-deleted",
                        List.of("retention=P20D"),
                        0,
                        """
                        WITH gone AS (SELECT now() - interval '20 days' AS until),
                        u AS (SELECT id FROM users, gone WHERE deleted_at < until),
                        j AS (SELECT id FROM projects, gone WHERE deleted_at < until),
                        t AS (SELECT id FROM tasks, gone WHERE deleted_at < until OR project_id IN (TABLE j)),
                        p AS (SELECT id FROM posts, gone WHERE deleted_at < until OR author_id IN (TABLE u)),
                        c AS (
                          SELECT id FROM comments, gone
                          WHERE deleted_at < until OR author_id IN (TABLE u)
                            OR item_type = 'post' AND item_id IN (TABLE p)
                            OR item_type = 'task' AND item_id IN (TABLE t)
                            OR item_type = 'project' AND item_id IN (TABLE j))
                        SELECT concat_ws(' ', (SELECT count(*) FROM users) - (SELECT count(*) FROM u),
                          (SELECT count(*) FROM projects) - (SELECT count(*) FROM j),
                          (SELECT count(*) FROM tasks) - (SELECT count(*) FROM t),
                          (SELECT count(*) FROM posts) - (SELECT count(*) FROM p),
                          (SELECT count(*) FROM comments) - (SELECT count(*) FROM c))""",
                        """
                        SELECT concat_ws(' ', (SELECT count(*) FROM users), (SELECT count(*) FROM projects),
                          (SELECT count(*) FROM tasks), (SELECT count(*) FROM posts), (SELECT count(*) FROM comments))"""),
                new Case(
                        "sweep-orphan-comments",
                        List.of("retention=P1D"),
                        0,
                        """
                        SELECT count(*) FROM comments c
                        LEFT JOIN (SELECT 'post' AS type, id FROM posts UNION ALL SELECT 'project', id FROM projects
                          UNION ALL SELECT 'task', id FROM tasks) item ON item.type = item_type AND item.id = item_id
                        WHERE item.id IS NOT NULL OR c.created_at >= now() - interval '1 day'""",
                        "SELECT count(*) FROM comments"),
                new Case(
                        "purge-audit-log",
                        List.of("older-than=P1Y"),
                        0,
                        "SELECT count(*) FROM audit_log WHERE age(now(), changed_at) <= interval '1 year'",
                        "SELECT count(*) FROM audit_log"),
                new Case("analyze-tables", List.of(), 0, "SELECT 1", "SELECT 1"));
    }

    private static List<Case> exports() {
        return List.of(
                new Case(
                        "export-newcomers",
                        List.of(),
                        0,
                        "SELECT count(*) FROM records WHERE kind = 'sign-up'",
                        "reports/export-newcomers/newcomers.csv: @example|example.net\"?,"),
                new Case(
                        "export-users",
                        List.of("active=true", "min-age=50", "email-domains=example.org"),
                        0,
                        """
                        SELECT string_agg(external_id::text, ' ' ORDER BY id) FROM users
                        WHERE is_active AND deleted_at IS NULL AND age > 49 AND email ~ '@example.org$'""",
                        "reports/export-users/users.csv: ^[0-9a-f-]{36}"),
                new Case(
                        "export-tasks",
                        List.of("statuses=pending", "priorities=high", "name=import"),
                        0,
                        """
                        SELECT string_agg(reference, ' ' ORDER BY id) FROM tasks
                        WHERE status = 'pending' AND priority = 'high' AND deleted_at IS NULL AND title ~* 'import'""",
                        "reports/export-tasks/tasks.jsonl: (?<=\"reference\":\")[^\"]+"));
    }

    /** Their figures are in ShippedReportsTest; here only how many rows they have. */
    private static List<Case> reports() {
        return List.of(
                report("report-top-authors", "top-authors", "SELECT 10", "limit=10"),
                report("report-task-flow", "task-flow", "SELECT 28"),
                report("report-team-activity", "team-activity", "SELECT count(*) FROM teams"),
                report("report-group-roles", "group-roles", "SELECT count(*) FROM groups"),
                report("report-catalog", "catalog", "SELECT count(*) FROM products", "limit=100000"),
                report("report-audit-digest", "audit-digest", "SELECT 30", "days=30"),
                report(
                        "report-post-search",
                        "post-search",
                        "SELECT count(*) FROM posts WHERE published AND deleted_at IS NULL AND content ~ 'round trip'",
                        "term=\"round trip\"",
                        "limit=100000"));
    }

    private static Case report(String job, String name, String rows, String... arguments) {
        return new Case(job, List.of(arguments), 0, rows, "reports/" + job + "/" + name + ".csv:");
    }

    private static List<Case> nights() {
        return List.of(
                new Case(
                        "nightly",
                        List.of(),
                        3,
                        "SELECT count(*) - 3 FROM records WHERE kind = 'sign-up'",
                        "SELECT count(*) FROM users WHERE username LIKE 'newcomer-%'"),
                new Case(
                        "weekly",
                        List.of(),
                        0,
                        "SELECT count(*) FROM teams",
                        "reports/report-team-activity/team-activity.csv:"));
    }

    @ParameterizedTest
    @MethodSource("cases")
    @Order(1)
    void endsAsAnotherStatementSaysAndASecondRunChangesNothing(Case shipped) {
        String expected = DATABASE.value(shipped.expected());
        assertThat(expected).as("the sample has something to do").isNotBlank().isNotEqualTo("0");

        RunResult first = stopped(shipped);
        RunResult whole = first;
        if (first.status().equals("STOPPED")) {
            STOPPED.add(shipped.job());
            whole = TestRun.resume(home, first.run());
        }

        assertThat(whole.problem()).isEmpty();
        assertThat(whole.status()).isEqualTo("COMPLETED");
        assertThat(whole.rows().rejected()).isEqualTo(shipped.rejected());
        assertThat(actual(shipped)).isEqualTo(expected);

        String before = everything();
        RunResult second = TestRun.of(home, shipped.job(), shipped.arguments().toArray(String[]::new));
        assertThat(second.status()).isEqualTo("COMPLETED");
        assertThat(everything()).as("what a second run changes").isEqualTo(before);
    }

    /** A run that is asked to stop as soon as it has committed a chunk. */
    private static RunResult stopped(Case shipped) {
        Settings settings = Settings.of(home);
        try (Database database = Database.open(home, settings, Database.Access.WRITE);
                Engine engine = Engine.open(home, settings, database)) {
            Progress stopping = new Progress() {
                @Override
                public void chunkCommitted(String step, Counts counts) {
                    engine.requestStop("the test");
                }
            };
            return engine.run(
                    TestRun.request(home, shipped.job(), shipped.arguments().toArray(String[]::new)), stopping);
        }
    }

    private static String actual(Case shipped) {
        if (!shipped.actual().startsWith("reports/")) {
            return Objects.requireNonNull(DATABASE.value(shipped.actual()));
        }
        String[] place = shipped.actual().split(": ?", 2);
        try {
            String text = Files.readString(directory.resolve(place[0]));
            List<String> found = Pattern.compile(place[1], Pattern.MULTILINE)
                    .matcher(text)
                    .results()
                    .map(MatchResult::group)
                    .toList();
            boolean counted = place[1].isEmpty() || place[1].contains("@");
            return counted ? Long.toString(text.lines().count() - 1) : String.join(" ", found);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A sum of every table of the model. */
    private static String everything() {
        return DATABASE.value(
                """
                SELECT string_agg(tablename || ' ' || sum, E'\\n' ORDER BY tablename)
                FROM pg_tables
                CROSS JOIN LATERAL (
                  SELECT (xpath('/row/sum/text()', query_to_xml(
                    format('SELECT sum(hashtextextended(t::text, 0)) AS sum FROM public.%I t', tablename),
                    false, true, '')))[1]::text AS sum
                ) AS content
                WHERE schemaname = 'public'""");
    }

    @Test
    @Order(2)
    void noShippedJobIsLeftOut() {
        TreeSet<String> tried = cases().map(Case::job).collect(Collectors.toCollection(TreeSet::new));
        tried.add("sample-data");
        // On Nightshift's own tables, and held by a test of its own.
        tried.add("purge-history");

        assertThat(tried).containsExactlyElementsOf(ShippedHome.jobs());
    }

    @Test
    @Order(2)
    void allOfThemWereStoppedOnTheWay() {
        assertThat(STOPPED).containsAll(cases().map(Case::job).toList());
    }

    @Test
    @Order(3)
    void sampleDataRefusesADatabaseThatHasRowsAndIsNotTheEmbeddedOne() {
        String before = everything();

        RunResult refused = TestRun.of(home, "sample-data", "rows=50000");

        assertThat(refused.exit()).isEqualTo(ExitCode.REFUSED);
        assertThat(refused.problem().orElseThrow().what())
                .contains("this database is not the embedded one, and has rows in audit_log, comments, entities, ");
        assertThat(everything()).isEqualTo(before);
    }

    /** Also a column that a row must have: it is there already. */
    @Test
    @Order(3)
    void aColumnThatTheFileDoesNotHaveKeepsItsValue() {
        TestHome.in(directory)
                .with("in/users.csv", "username,age\nada11,99\n")
                .with("in/tasks.csv", "reference,description\nWEB-101,changed\n")
                .with("in/products.csv", "sku,price\nNS-1000,7.77\nNS-1002,8.88\n");
        String others =
                """
                SELECT concat_ws(' ', (SELECT u - 'age' - 'updated_at' FROM to_jsonb(users) u),
                  (SELECT to_jsonb(t) - 'description' - 'updated_at' FROM tasks t WHERE reference = 'WEB-101'),
                  (SELECT count(*) FROM task_tags k JOIN tasks t ON t.id = k.task_id WHERE reference = 'WEB-101'),
                  (SELECT jsonb_agg((to_jsonb(p) || coalesce(to_jsonb(d), to_jsonb(s))) - 'price' - 'updated_at' ORDER BY sku)
                    FROM products p LEFT JOIN digital_products d USING (id) LEFT JOIN physical_products s USING (id)
                    WHERE sku IN ('NS-1000', 'NS-1002')))
                FROM users WHERE username = 'ada11'""";
        String before = DATABASE.value(others);

        for (String what : List.of("users", "tasks", "products")) {
            RunResult run = TestRun.of(home, "load-" + what, "file=in/" + what + ".csv");
            assertThat(run.problem()).isEmpty();
            assertThat(run.steps().get(0).rows().written()).as(what).isPositive();
        }

        assertThat(DATABASE.value(others)).isEqualTo(before);
        assertThat(
                        DATABASE.value(
                                """
                        SELECT concat_ws(' ', (SELECT age FROM users WHERE username = 'ada11'),
                          (SELECT description FROM tasks WHERE reference = 'WEB-101'),
                          (SELECT sum(price) FROM products WHERE sku IN ('NS-1000', 'NS-1002')))"""))
                .isEqualTo("99 changed 16.65");
    }

    @Test
    @Order(3)
    void jobsThatNeedAFilterTouchNobodyWithoutOne() {
        String before = everything();

        assertThat(TestRun.of(home, "deactivate-users").rows().read()).isZero();
        assertThat(TestRun.of(home, "soft-delete-tasks").rows().read()).isZero();
        assertThat(everything()).isEqualTo(before);
    }
}
