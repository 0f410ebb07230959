package io.nightshift.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.TestDatabase;
import io.nightshift.database.Database;
import io.nightshift.schedule.FireRow.State;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class MeetSlotTest {

    private static final TestDatabase DATABASE = TestDatabase.create();
    private static final Database OPEN = DATABASE.open();
    private static final Instant TEN = Instant.parse("2026-07-01T10:00:00Z");
    private static final KnownSchedule EVERY_MINUTE = new KnownSchedule("count-rows", "* * * * *", ZoneOffset.UTC, TEN);

    private final SetClock clock = new SetClock(TEN);
    private final RecordedLaunch launch = new RecordedLaunch();
    private final Fires fires = new Fires(OPEN);

    @BeforeAll
    static void create() {
        OPEN.createOwnTables();
    }

    @AfterEach
    void empty() {
        DATABASE.execute("TRUNCATE nightshift.fire");
    }

    @AfterAll
    static void drop() {
        OPEN.close();
        DATABASE.close();
    }

    private MeetSlot node() {
        ScheduleSettings settings = new ScheduleSettings(4, Duration.ofSeconds(60), Duration.ofSeconds(5));
        Node node = Node.here(settings, clock, known -> CronSchedule.of(known.cron(), known.zone()));
        return new MeetSlot(node, fires, launch, line -> {});
    }

    private static Instant minute(int minute) {
        return TEN.plus(Duration.ofMinutes(minute));
    }

    private List<String> rows() {
        return fires.recent(100).stream()
                .map(row -> "%s %s %s"
                        .formatted(
                                Duration.between(TEN, row.slot()).toMinutes(),
                                row.state(),
                                row.reason().orElse("-")))
                .toList();
    }

    @Test
    void oneOfManyNodesRunsASlot() throws Exception {
        clock.set(minute(1));
        List<MeetSlot> nodes = IntStream.range(0, 8).mapToObj(i -> node()).toList();
        ExecutorService threads = Executors.newFixedThreadPool(8);
        threads.invokeAll(nodes.stream()
                .<Callable<Void>>map(node -> () -> {
                    node.meet(EVERY_MINUTE, minute(1));
                    return null;
                })
                .toList());
        threads.shutdown();

        assertThat(launch.slots()).containsExactly(minute(1));
        assertThat(rows()).containsExactly("1 DONE -");
    }

    @Test
    void slotsThatCameWhileNobodyWasThereAreRecordedAndNotRun() {
        clock.set(minute(5).plusSeconds(10));
        MeetSlot late = node();

        assertThat(late.following(EVERY_MINUTE, minute(1))).contains(minute(5));
        late.meet(EVERY_MINUTE, minute(1));
        late.meet(EVERY_MINUTE, minute(5));

        assertThat(launch.slots()).containsExactly(minute(5));
        assertThat(rows())
                .containsExactly(
                        "5 DONE -",
                        "4 MISSED no server was there when it came",
                        "3 MISSED no server was there when it came",
                        "2 MISSED no server was there when it came",
                        "1 MISSED no server was there when it came");
    }

    @Test
    void aSlotThatFoundNoThreadInTimeIsMissed() {
        MeetSlot node = node();
        clock.set(minute(3));
        node.meet(EVERY_MINUTE, minute(1));

        assertThat(launch.slots()).isEmpty();
        assertThat(rows()).containsExactly("1 MISSED no thread was free for it within 60 s");
    }

    @Test
    void aSlotThatIsALittleLateIsRun() {
        clock.set(minute(1).plusSeconds(59));
        node().meet(EVERY_MINUTE, minute(1));

        assertThat(launch.slots()).containsExactly(minute(1));
    }

    @Test
    void whatWasDueBeforeTheScheduleHeldIsOfNoInterest() {
        clock.set(minute(0));
        node().meet(EVERY_MINUTE, minute(-1));

        assertThat(launch.slots()).isEmpty();
        assertThat(rows()).isEmpty();
    }

    @Test
    void aMissedMonthOfMinutesIsRecordedNoFurtherBackThanThat() {
        clock.set(minute(60 * 24 * 33));
        MeetSlot late = node();
        late.meet(EVERY_MINUTE, minute(1));

        assertThat(fires.latest("count-rows")).isEqualTo(Optional.of(minute(60 * 24 * 33 - 2)));
        assertThat(DATABASE.value("SELECT count(*) FROM nightshift.fire")).isEqualTo(Integer.toString(31 * 24 * 60));
        assertThat(fires.recent(1).get(0).state()).isEqualTo(State.MISSED);
    }

    @Test
    void aRunThatBreaksEndsItsSlotAsFailed() {
        clock.set(minute(1));
        Launch broken = (job, slot) -> {
            throw new IllegalStateException("the disk is full");
        };
        ScheduleSettings settings = new ScheduleSettings(4, Duration.ofSeconds(60), Duration.ofSeconds(5));
        Node node = Node.here(settings, clock, known -> CronSchedule.of(known.cron(), known.zone()));
        new MeetSlot(node, fires, broken, line -> {}).meet(EVERY_MINUTE, minute(1));

        assertThat(rows())
                .containsExactly(
                        "1 FAILED java.lang.IllegalStateException: the disk is full. What was committed stays.");
    }
}
