package io.nightshift;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.content.Home;
import io.nightshift.content.Settings;
import io.nightshift.database.Database;
import io.nightshift.rehearse.ExplainedStatement;
import io.nightshift.run.plan.Rehearser;
import io.nightshift.run.plan.Rehearser.StepRehearsal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * How PostgreSQL does a chunk of the shipped jobs, on 100,000 rows. Chunks of a hundred keys are to them what chunks of a
 * thousand are to a million, where the whole of a table is nearly as cheap as what a chunk needs of it. The same once more
 * with a planner that believes in a hundred times as many rows, {@code comments} being three millions.
 */
class ShippedPlansTest {

    private static final TestDatabase DATABASE = TestDatabase.create();

    /** More rows than a chunk needs of any table, and fewer than any large table has. */
    private static final int MANY = 1_500;

    /** These have a few rows in any database. */
    private static final Set<String> SMALL = Set.of("groups", "tags", "teams", "loaded");

    private static final Pattern BITMAP = Pattern.compile("^ *(Bitmap Heap Scan on [^:]*): ([0-9,]+) rows");

    private static final Pattern ROWS = Pattern.compile(": ([0-9,]+) rows");

    @TempDir
    private static Path directory;

    @TempDir
    private static Path other;

    private static Home large;
    private static Home small;

    @BeforeAll
    static void aLargeDatabase() throws SQLException {
        large = ShippedHome.on(DATABASE, directory, job -> job);
        small = ShippedHome.on(DATABASE, other, job -> job + "chunk: 100\n");
        // What autovacuum finds out would undo what is made up here.
        DATABASE.execute(
                """
                DO $$
                DECLARE
                  name text;
                BEGIN
                  FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
                    EXECUTE format('ALTER TABLE public.%I SET (autovacuum_enabled = off)', name);
                  END LOOP;
                END $$""");
        assertThat(TestRun.of(large, "sample-data", "rows=100000").problem()).isEmpty();
        DATABASE.execute(
                """
                UPDATE posts SET search = to_tsvector('english', title || ' ' || content) WHERE id % 2 = 0;
                INSERT INTO user_phones SELECT username, '+49 1' FROM users WHERE id % 50 = 0 OR id % 52 = 1;
                INSERT INTO records (kind, data) VALUES ('sign-up', '{"login": "elif4"}');
                INSERT INTO task_parents SELECT id, 'T-1', 0 FROM tasks WHERE id % 500 = 0;
                UPDATE users SET erased_at = now() WHERE id % 500 = 0""");
        DATABASE.execute("VACUUM ANALYZE");
    }

    /** Not so what is on its way only: nobody has ever analyzed it when it is worked on. */
    private static void believeIn(String rows) throws SQLException {
        try (Connection administrator = DATABASE.connectAsAdministrator();
                Statement statement = administrator.createStatement()) {
            statement.execute("SET allow_system_table_mods = on");
            statement.execute(
                    """
                    UPDATE pg_class
                    SET reltuples = CASE WHEN relname ~ '^(user_phones|task_parents)' THEN -1 ELSE reltuples %s END
                    WHERE relnamespace = 'public'::regnamespace
                      AND relkind IN ('r', 'i')
                      AND reltuples > 0"""
                            .formatted(rows));
        }
    }

    @AfterAll
    static void drop() {
        DATABASE.close();
    }

    private static List<StepRehearsal> rehearsed(Home home, String job) {
        String[] words = job.split(" ");
        try (Database database = Database.open(home, Settings.of(home), Database.Access.WRITE)) {
            return new Rehearser(home, Settings.of(home), database)
                    .rehearse(
                            TestRun.request(
                                    home, words[0], Stream.of(words).skip(1).toArray(String[]::new)),
                            2);
        }
    }

    /** Every statement that reads many rows of a table, and every page that is taken from many rows by sorting. */
    private static List<String> faults(List<StepRehearsal> steps) {
        return steps.stream()
                .flatMap(step -> step.chunks().stream())
                .flatMap(chunk -> chunk.statements().stream())
                .flatMap(statement -> faults(statement).stream())
                .distinct()
                .toList();
    }

    private static List<String> faults(ExplainedStatement statement) {
        List<String> faults = new ArrayList<>();
        statement.scans().stream()
                .filter(scan -> scan.rows() > MANY && !SMALL.contains(scan.table()))
                .forEach(scan -> faults.add(statement.tag() + ": Seq Scan on " + scan.table()));
        boolean sort = false;
        for (String line : statement.plan()) {
            Matcher bitmap = BITMAP.matcher(line);
            if (bitmap.find() && number(bitmap.group(2)) > MANY) {
                faults.add(statement.tag() + ": " + bitmap.group(1));
            }
            Matcher rows = ROWS.matcher(line);
            // The line behind that of a sort is what it sorts.
            if (sort && rows.find() && number(rows.group(1)) > MANY) {
                faults.add(statement.tag() + ": a sort of " + rows.group(1) + " rows");
            }
            sort = line.contains("Sort:");
        }
        return faults;
    }

    private static int number(String digits) {
        return Integer.parseInt(digits.replace(",", ""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "anonymise-users usernames=elif4,dan91",
                "backfill-post-search",
                "backfill-post-word-count",
                "backfill-record-checksum",
                "backfill-user-phone file=jobs/samples/user-phones.csv",
                "deactivate-users inactive-for=P10D",
                "deactivate-users usernames=elif4,dan91",
                "delete-completed-tasks",
                "delete-completed-tasks older-than=P20D priorities=high",
                "delete-inactive-users",
                "delete-inactive-users email-domains=example.org name=a",
                "escalate-overdue-tasks",
                "export-newcomers",
                "export-tasks",
                "export-tasks statuses=pending priorities=high",
                "export-users active=true min-age=50",
                "load-entities file=jobs/samples/entities.jsonl",
                "load-hero-teams file=jobs/samples/hero-teams.csv",
                "load-products file=jobs/samples/products.csv",
                "load-tasks file=jobs/samples/tasks.jsonl",
                "load-users file=jobs/samples/users.csv",
                "purge-audit-log",
                "purge-soft-deleted retention=P20D",
                "report-post-search term=4712",
                "soft-delete-tasks statuses=completed",
                "start-pending-tasks",
                "sweep-orphan-comments retention=P1D",
                "update-users file=jobs/samples/user-changes.csv"
            })
    void aChunkReadsNoMoreOfALargeTableThanItNeeds(String job) throws SQLException {
        List<StepRehearsal> steps = rehearsed(small, job);
        assertThat(faults(steps)).isEmpty();
        // A step that met no key has shown nothing.
        assertThat(steps.stream()
                        .filter(step -> step.chunks().isEmpty())
                        .map(StepRehearsal::name)
                        .toList())
                .isEmpty();

        believeIn("* 100");
        try {
            assertThat(faults(rehearsed(large, job))).isEmpty();
        } finally {
            believeIn("/ 100");
        }
    }

    @Test
    void theTestSeesAnIndexThatIsMissing() {
        DATABASE.execute("DROP INDEX comments_item");
        try {
            assertThat(faults(rehearsed(small, "delete-completed-tasks")))
                    .containsExactly("comments.deleteOnTasks: Seq Scan on comments");
        } finally {
            DATABASE.execute("CREATE INDEX comments_item ON comments (item_type, item_id)");
        }
    }

    /** Whoever adds a job with keys adds it here. */
    @Test
    void noJobWithKeysIsLeftOut() throws Exception {
        Set<String> keyed = new TreeSet<>();
        for (String job : ShippedHome.jobs()) {
            if (Files.readString(Path.of("jobs", job + ".yml")).contains("keys:")) {
                keyed.add(job);
            }
        }
        // On Nightshift's own tables, and small.
        keyed.remove("purge-history");
        Set<String> tried = Stream.of(ShippedPlansTest.class
                        .getDeclaredMethod("aChunkReadsNoMoreOfALargeTableThanItNeeds", String.class)
                        .getAnnotation(ValueSource.class)
                        .strings())
                .map(job -> job.split(" ")[0])
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(tried).containsAll(keyed);
    }
}
