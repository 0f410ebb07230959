package io.nightshift;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.content.Home;
import io.nightshift.content.Settings;
import io.nightshift.database.Database;
import io.nightshift.run.Rehearser;
import io.nightshift.run.Rehearser.StepRehearsal;
import io.nightshift.step.ExplainedStatement;
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
 * How PostgreSQL does a chunk of the shipped jobs where tables are large. There are 100,000 rows, and the planner believes
 * that there are a hundred times as many: {@code users} has half a million, {@code comments} three millions.
 */
class ShippedPlansTest {

    private static final TestDatabase DATABASE = TestDatabase.create();

    /** More rows than a page has keys, and fewer than any large table here. */
    private static final int MANY = 2_000;

    private static final Pattern ROWS = Pattern.compile("^( *)([^:]+): ([0-9,]+) rows");

    @TempDir
    private static Path directory;

    private static Home home;

    @BeforeAll
    static void aLargeDatabase() throws SQLException {
        home = ShippedHome.on(DATABASE, directory, job -> job);
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
        assertThat(TestRun.of(home, "sample-data", "rows=100000").problem()).isEmpty();
        DATABASE.execute(
                """
                UPDATE posts SET search = to_tsvector('english', title || ' ' || content) WHERE id % 2 = 0;
                INSERT INTO user_phones SELECT username, '+49 1' FROM users WHERE id % 50 = 0 OR id % 52 = 1;
                INSERT INTO records (kind, data) VALUES ('sign-up', '{"login": "elif4"}');
                INSERT INTO task_parents SELECT id, 'T-1', 0 FROM tasks WHERE id % 500 = 0;
                UPDATE users SET erased_at = now() WHERE id % 500 = 0""");
        DATABASE.execute("VACUUM ANALYZE");
        try (Connection administrator = DATABASE.connectAsAdministrator();
                Statement statement = administrator.createStatement()) {
            statement.execute("SET allow_system_table_mods = on");
            // Not so what is on its way only: nobody has ever analyzed it when it is worked on.
            statement.execute(
                    """
                    UPDATE pg_class
                    SET reltuples = CASE WHEN relname ~ '^(user_phones|task_parents)' THEN -1 ELSE reltuples * 100 END
                    WHERE relnamespace = 'public'::regnamespace
                      AND relkind IN ('r', 'i')
                      AND reltuples > 0""");
        }
    }

    @AfterAll
    static void drop() {
        DATABASE.close();
    }

    private static List<StepRehearsal> rehearsed(String job) {
        String[] words = job.split(" ");
        try (Database database = Database.open(home, Settings.of(home), Database.Access.WRITE)) {
            return new Rehearser(home, Settings.of(home), database)
                    .rehearse(
                            TestRun.request(
                                    home, words[0], Stream.of(words).skip(1).toArray(String[]::new)),
                            2);
        }
    }

    /** Every statement that reads a large table from end to end, and every page that is taken from a large sort. */
    private static List<String> faults(List<StepRehearsal> steps) {
        List<String> faults = new ArrayList<>();
        for (StepRehearsal step : steps) {
            step.chunks().stream().flatMap(chunk -> chunk.statements().stream()).forEach(statement -> {
                statement.scans().stream()
                        .filter(scan -> scan.rows() > MANY)
                        .forEach(scan -> faults.add(statement.tag() + " reads all of " + scan.table()));
                if (statement.tag().equals("the page") && sortsMany(statement)) {
                    faults.add(step.name() + " sorts for a page");
                }
            });
        }
        return faults.stream().distinct().toList();
    }

    /** The line behind that of a sort is what it sorts. */
    private static boolean sortsMany(ExplainedStatement statement) {
        boolean sort = false;
        for (String line : statement.plan()) {
            Matcher node = ROWS.matcher(line);
            if (sort && node.find() && Integer.parseInt(node.group(3).replace(",", "")) > MANY) {
                return true;
            }
            sort = line.contains("Sort:");
        }
        return false;
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
                "report-post-search term=backup",
                "soft-delete-tasks statuses=completed",
                "start-pending-tasks",
                "sweep-orphan-comments retention=P1D",
                "update-users file=jobs/samples/user-changes.csv"
            })
    void aChunkReadsNoLargeTableFromEndToEndAndNoPageIsSorted(String job) {
        List<StepRehearsal> steps = rehearsed(job);

        assertThat(faults(steps)).isEmpty();
        // A step that met no key has shown nothing.
        assertThat(steps.stream()
                        .filter(step -> step.chunks().isEmpty())
                        .map(StepRehearsal::name)
                        .toList())
                .isEmpty();
    }

    @Test
    void theTestSeesAnIndexThatIsMissing() {
        DATABASE.execute("DROP INDEX comments_item");
        try {
            assertThat(faults(rehearsed("delete-completed-tasks")))
                    .containsExactly("comments.deleteOnTasks reads all of comments");
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
                        .getDeclaredMethod("aChunkReadsNoLargeTableFromEndToEndAndNoPageIsSorted", String.class)
                        .getAnnotation(ValueSource.class)
                        .strings())
                .map(job -> job.split(" ")[0])
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(tried).containsAll(keyed);
    }
}
