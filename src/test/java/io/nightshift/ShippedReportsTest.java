package io.nightshift;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.content.Home;
import io.nightshift.run.books.RunResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shipped reports on a few rows whose answers can be worked out by hand: ties, NULLs, empty days, bounds. */
class ShippedReportsTest {

    private static final TestDatabase DATABASE = TestDatabase.create();

    private static final LocalDate TODAY = LocalDate.now(ZoneOffset.UTC);

    @TempDir
    private static Path directory;

    private static Home home;

    @BeforeAll
    static void aFewRows() {
        home = ShippedHome.on(DATABASE, directory, job -> job);
        DATABASE.execute(
                """
                SET TimeZone = 'UTC';
                INSERT INTO users (id, username, email, full_name, deleted_at)
                VALUES (1, 'ann', 'ann@example.org', 'Ann Archer', NULL),
                  (2, 'bob', 'bob@example.org', NULL, NULL),
                  (3, 'mallory', 'mallory@example.org', '<script>alert(1)</script>', NULL),
                  (4, 'dee', 'dee@example.org', 'Dee, the "D"', NULL),
                  (5, 'eve', 'eve@example.org', 'Eve', '2026-03-01'),
                  (6, 'fay', 'fay@example.org', '', NULL);
                INSERT INTO posts (author_id, title, content, published, created_at, deleted_at)
                VALUES (1, 'Restore', repeat('x', 10) || ' backup', true, '2026-02-01 00:00', NULL),
                  (1, 'Two', repeat('x', 20), true, '2026-02-02 09:00', NULL),
                  (1, 'Three', repeat('x', 30), false, '2026-02-03 09:00', NULL),
                  (2, 'The backup of backups', repeat('y', 5), true, '2026-01-31 23:59:59.999999', NULL),
                  (2, 'Five', repeat('y', 5), true, '2026-02-02 10:00', NULL),
                  (2, 'Six', repeat('y', 6), true, '2026-02-03 10:00', NULL),
                  (3, 'A draft on backups', repeat('z', 4), false, '2026-02-04', NULL),
                  (5, 'Eight', 'backup', true, '2026-02-05', '2026-03-01'),
                  (5, 'Nine', 'text', true, '2026-02-05', NULL),
                  (6, 'Ten', 'text', true, '2026-02-05', '2026-02-06');
                INSERT INTO groups (id, name) VALUES (1, 'Builders'), (2, 'Nobody'), (3, 'Authors');
                INSERT INTO user_group_links
                VALUES (1, 1, 'owner'), (2, 1, 'owner'), (3, 1, 'moderator'), (4, 1, 'member'), (5, 1, 'member'),
                  (6, 3, 'member');
                INSERT INTO teams (id, name) VALUES (1, 'Alpha'), (2, 'Beta'), (3, 'Gamma');
                INSERT INTO heroes (id, name, home_team_id) VALUES (1, 'One', 1), (2, 'Two', 1), (3, 'Three', NULL);
                INSERT INTO hero_team_links VALUES (2, 1), (3, 2);
                INSERT INTO projects (id, name, team_id, deleted_at)
                VALUES (1, 'Works', 1, NULL), (2, 'Gone', 1, now()), (3, 'Idle', 2, NULL), (4, 'Nobody''s', NULL, NULL);
                INSERT INTO products (id, sku, name, price, quantity)
                VALUES (1, 'A', 'Course', 10, 2), (2, 'B', 'Lamp', 5, 4), (3, 'C', 'Thing', 1, 0);
                INSERT INTO digital_products VALUES (1, 'https://example.org', 2048);
                INSERT INTO physical_products VALUES (2, 1500, NULL)""");
        DATABASE.execute(
                """
                SET TimeZone = 'UTC';
                INSERT INTO tasks (project_id, title, status, created_at, updated_at, deleted_at)
                VALUES (1, 'at midnight', 'pending', date 'D' - 3, date 'D' - 3, NULL),
                  (NULL, 'a moment before', 'pending', date 'D' - 2 - interval '1 us', date 'D' - 3, NULL),
                  (NULL, 'of yesterday', 'pending', date 'D' - 1 + interval '23 h', date 'D' - 1 + interval '23 h', NULL),
                  (1, 'old and done', 'completed', date 'D' - 60, date 'D' - 1 + interval '1 h', NULL),
                  (1, 'old and open', 'pending', date 'D' - 60, date 'D' - 60, NULL),
                  (1, 'deleted', 'pending', date 'D' - 60, date 'D' - 60, date 'D'),
                  (2, 'of a deleted project', 'pending', date 'D' - 60, date 'D' - 60, NULL);
                INSERT INTO task_flow VALUES (date 'D' - 10, 100, 0), (date 'D' - 9, 7, 0);
                DELETE FROM audit_log;
                INSERT INTO audit_log (entity_type, entity_id, action, changed_by, changed_at)
                VALUES ('users', '1', 'deleted', 'z', date 'D' - 2 - interval '1 us'),
                  ('users', '1', 'updated', 'x', date 'D' - 1),
                  ('users', '1', 'updated', 'x', date 'D' - interval '1 us'),
                  ('tasks', '1', 'created', 'y', date 'D' - 1),
                  ('tasks', '1', 'created', 'today', date 'D')"""
                        .replace("'D'", "'" + TODAY + "'"));
    }

    @AfterAll
    static void drop() {
        DATABASE.close();
    }

    private static String report(String job, String file, String... arguments) throws IOException {
        RunResult run = TestRun.of(home, job, arguments);
        assertThat(run.problem()).isEmpty();
        return Files.readString(directory.resolve("reports").resolve(job).resolve(file));
    }

    @Test
    void ofAuthorsWithAsManyPostsTheOneWhoWroteLastComesFirst() throws IOException {
        String csv = report("report-top-authors", "top-authors.csv");

        assertThat(csv)
                .isEqualTo(
                        """
                        display_name,posts,average_length,latest
                        bob,3,5.3,2026-02-03 10:00:00+00
                        Ann Archer,3,22.3,2026-02-03 09:00:00+00
                        <script>alert(1)</script>,1,4.0,2026-02-04 00:00:00+00
                        """);
        assertThat(report("report-top-authors", "top-authors.html", "limit=3"))
                .contains(">&lt;script&gt;alert(1)&lt;/script&gt;</td>", ">3 rows</p>", " UTC, limit=3, min-posts=1")
                .doesNotContain("<script>alert");
    }

    @Test
    void aPageWithoutRowsHasNoChartAndOneWithManyBarsOnlyTheFirst() throws IOException {
        assertThat(report("report-top-authors", "top-authors.html", "min-posts=1000"))
                .contains(">0 rows</p>")
                .doesNotContain("<canvas");
        assertThat(report("report-top-authors", "top-authors.html", "limit=1")).contains(">1 row</p>", "<canvas");
        DATABASE.execute("INSERT INTO users (username, email) SELECT 'crowd' || n, n || '@example.com'"
                + " FROM generate_series(1, 150) n");
        try {
            assertThat(report("report-top-authors", "top-authors.html", "min-posts=0", "limit=1000"))
                    .contains(">155 rows. The chart shows the first 100 rows.</p>");
        } finally {
            DATABASE.execute("DELETE FROM users WHERE username LIKE 'crowd%'");
        }
    }

    @Test
    void authorsWithoutPostsStandAtTheEndWhenNoneIsEnough() throws IOException {
        String csv = report("report-top-authors", "top-authors.csv", "min-posts=0", "published-only=true");

        assertThat(csv)
                .isEqualTo(
                        """
                        display_name,posts,average_length,latest
                        bob,3,5.3,2026-02-03 10:00:00+00
                        Ann Archer,2,18.5,2026-02-02 09:00:00+00
                        "Dee, the ""D""\",0,,
                        fay,0,,
                        <script>alert(1)</script>,0,,
                        """);
    }

    @Test
    void aPostOfTheFirstMomentCountsAndOneOfTheLastDoesNot() throws IOException {
        String csv = report(
                "report-top-authors", "top-authors.csv", "from=2026-02-01", "to=2026-02-03", "min-posts=1", "limit=2");

        assertThat(csv)
                .isEqualTo(
                        """
                        display_name,posts,average_length,latest
                        Ann Archer,2,18.5,2026-02-02 09:00:00+00
                        bob,1,5.0,2026-02-02 10:00:00+00
                        """);
    }

    @Test
    void theFlowOfTasksHasItsEmptyDaysAndAveragesOfAWeek() throws IOException {
        String csv = report("report-task-flow", "task-flow.csv", "days=3");

        assertThat(csv)
                .isEqualTo(
                        """
                        day,opened,closed,difference,growth,opened_average,closed_average
                        %s,2,0,2,109,4.50,0.00
                        %s,0,0,0,109,1.00,0.00
                        %s,1,1,0,109,1.00,0.33
                        """
                                .formatted(TODAY.minusDays(3), TODAY.minusDays(2), TODAY.minusDays(1)));
    }

    @Test
    void aHeroCountsOnceForATeamAndATeamWithNothingStandsThere() throws IOException {
        String csv = report("report-team-activity", "team-activity.csv");

        assertThat(csv)
                .isEqualTo(
                        """
                        team,heroes,projects,open,opened,closed,latest
                        Alpha,2,1,2,1,1,%s 01:00:00+00
                        Beta,1,1,0,0,0,
                        Gamma,0,0,0,0,0,
                        """
                                .formatted(TODAY.minusDays(1)));
    }

    @Test
    void deletedUsersAreNoMembersOfTheirGroups() throws IOException {
        assertThat(report("report-group-roles", "group-roles.csv"))
                .isEqualTo(
                        """
                        group_name,owners,moderators,members,users,first_owners
                        Builders,2,1,1,4,"ann, bob"
                        Authors,0,0,1,1,
                        Nobody,0,0,0,0,
                        """);
    }

    @Test
    void theCatalogueJoinsWhatEveryKindHas() throws IOException {
        assertThat(report("report-catalog", "catalog.csv"))
                .isEqualTo(
                        """
                        sku,name,kind,price,quantity,worth,file_size,weight_kg,shelf
                        A,Course,digital,10.00,2,20.00,2048 bytes,,
                        B,Lamp,physical,5.00,4,20.00,,1.500,
                        C,Thing,,1.00,0,0.00,,,
                        """);
    }

    @Test
    void theDigestHasDaysOnWhichNothingChanged() throws IOException {
        assertThat(report("report-audit-digest", "audit-digest.csv", "days=3"))
                .isEqualTo(
                        """
                        day,created,updated,deleted,entities,actors,busiest
                        %s,0,0,1,1,1,z
                        %s,0,0,0,0,0,
                        %s,1,2,0,2,2,x
                        """
                                .formatted(TODAY.minusDays(3), TODAY.minusDays(2), TODAY.minusDays(1)));
    }

    @Test
    void aSearchFindsPublishedPostsTheTitleBeforeTheText() throws IOException {
        TestRun.of(home, "backfill-post-search");

        assertThat(report("report-post-search", "post-search.csv", "term=backups")
                        .replaceAll("(?m)^0\\.\\d{4},", ""))
                .isEqualTo(
                        """
                        rank,title,author,day,excerpt
                        The backup of backups,bob,2026-01-31,yyyyy
                        Restore,Ann Archer,2026-02-01,xxxxxxxxxx «backup»
                        """);
        assertThat(report("report-post-search", "post-search.csv", "term=\"x' OR --"))
                .isEqualTo("rank,title,author,day,excerpt\n");
    }
}
