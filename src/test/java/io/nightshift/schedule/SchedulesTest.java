package io.nightshift.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.TestDatabase;
import io.nightshift.content.ContentFile;
import io.nightshift.database.Database;
import io.nightshift.job.file.JobFiles;
import io.nightshift.problem.Problems;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;

class SchedulesTest {

    @Test
    void theNextSlotsOfAllJobsComeInTheOrderOfTime() {
        JobFiles jobs = JobFiles.read(
                List.of(
                        job("purge-users", "schedule: {cron: \"30 1 * * *\", zone: Europe/Berlin}"),
                        job("load-users", "schedule: {cron: \"0 0 * * *\"}"),
                        job("repair-users", "")),
                new Problems());

        assertThat(Schedules.next(jobs, Instant.parse("2026-07-01T12:00:00Z"), 2))
                .containsExactly(
                        purge("2026-07-01T23:30:00Z"),
                        load("2026-07-02T00:00:00Z"),
                        purge("2026-07-02T23:30:00Z"),
                        load("2026-07-03T00:00:00Z"));
    }

    private static ContentFile job(String name, String schedule) {
        String text =
                """
                description: A job of a test.
                %s
                steps:
                  - sql: users.analyze
                """
                        .formatted(schedule);
        return new ContentFile("jobs/" + name + ".yml", text);
    }

    private static NextFire purge(String slot) {
        return new NextFire("purge-users", "30 1 * * *", ZoneId.of("Europe/Berlin"), Instant.parse(slot));
    }

    private static NextFire load(String slot) {
        return new NextFire("load-users", "0 0 * * *", ZoneId.of("UTC"), Instant.parse(slot));
    }

    @Test
    void aDatabaseWithoutOwnTablesKnowsOfNoSlotsAndGetsNone() {
        try (TestDatabase server = TestDatabase.create();
                Database database = server.open(Database.Access.READ)) {
            assertThat(Schedules.recent(database, 10)).isEmpty();
            assertThat(Schedules.last(database)).isEmpty();
            assertThat(database.hasOwnTables()).isFalse();
        }
    }

    @Test
    void theLastSlotOfEveryJobIsKnown() {
        try (TestDatabase server = TestDatabase.create();
                Database database = server.open()) {
            database.createOwnTables();
            server.execute(
                    """
                    INSERT INTO nightshift.fire (schedule, slot, state, node, reason)
                    VALUES ('a', '2026-07-01 10:00Z', 'DONE', 'n', NULL),
                      ('a', '2026-07-01 11:00Z', 'MISSED', 'n', 'no server was there when it came'),
                      ('b', '2026-07-01 09:00Z', 'DONE', 'n', NULL)""");

            assertThat(Schedules.last(database))
                    .extracting(row -> row.job() + " " + row.slot() + " " + row.state())
                    .containsExactly("a 2026-07-01T11:00:00Z MISSED", "b 2026-07-01T09:00:00Z DONE");
            assertThat(Schedules.recent(database, 2))
                    .extracting(row -> row.job() + " " + row.slot())
                    .containsExactly("a 2026-07-01T11:00:00Z", "a 2026-07-01T10:00:00Z");
        }
    }
}
