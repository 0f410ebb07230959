package io.nightshift.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.nightshift.TestDatabase;
import io.nightshift.TestHome;
import io.nightshift.content.Home;
import io.nightshift.content.Settings;
import io.nightshift.database.Database;
import io.nightshift.problem.ProblemException;
import io.nightshift.schedule.FireRow.State;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SchedulerTest {

    private static final Duration PATIENT = Duration.ofSeconds(30);
    private static final Duration STRICT = Duration.ofSeconds(1);

    @TempDir
    private Path directory;

    private final TestDatabase server = TestDatabase.create();
    private final RecordedLaunch launch = new RecordedLaunch();
    private final Instant start = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    private Database database;
    private TestHome files;

    @BeforeEach
    void open() {
        files = TestHome.in(directory).on(server);
        job("count-rows", "posts.count", "0 4 1 1 *");
        files.with(
                "mappers/posts.xml",
                """
                <mapper namespace="posts">
                  <insert id="count">
                    /* nightshift: posts.count */
                    INSERT INTO counted (slot)
                    SELECT #{asOf}
                  </insert>
                  <insert id="sleep">
                    /* nightshift: posts.sleep */
                    INSERT INTO counted (slot)
                    SELECT #{asOf}
                    FROM pg_sleep(3)
                  </insert>
                </mapper>
                """);
        database = server.open();
    }

    @AfterEach
    void close() {
        database.close();
        server.close();
    }

    private void job(String name, String statement, String cron) {
        files.with(
                "jobs/" + name + ".yml",
                """
                description: A job of the scheduler's test.
                schedule: {cron: "%s"}
                steps:
                  - sql: %s
                """
                        .formatted(cron, statement));
    }

    /** Quarter seconds take the place of the minutes of real schedules. */
    private Slots everyQuarterSecond() {
        return after -> Optional.of(
                start.plusMillis((Math.floorDiv(Duration.between(start, after).toMillis(), 250) + 1) * 250));
    }

    private Slots at(Instant... instants) {
        return after -> Stream.of(instants).filter(slot -> slot.isAfter(after)).findFirst();
    }

    /** Counted from when the schedule is first asked: from its beginning. */
    private Slots soon(int... millis) {
        AtomicReference<Instant> beginning = new AtomicReference<>(Instant.EPOCH);
        return after -> {
            beginning.compareAndSet(Instant.EPOCH, after.truncatedTo(ChronoUnit.MILLIS));
            return IntStream.of(millis)
                    .mapToObj(beginning.get()::plusMillis)
                    .filter(slot -> slot.isAfter(after))
                    .findFirst();
        };
    }

    private Scheduler serve(Slots slots, Launch work) {
        return serve(slots, work, PATIENT);
    }

    private Scheduler serve(Slots slots, Launch work, Duration grace) {
        ScheduleSettings settings = new ScheduleSettings(2, grace, Duration.ofSeconds(2));
        Node node = Node.here(settings, Clock.systemUTC(), schedule -> slots);
        return Scheduler.start(files.home(), database, node, work, line -> {});
    }

    private List<FireRow> fires() {
        return Schedules.recent(database, 1000);
    }

    private long fires(State state) {
        return fires().stream().filter(fire -> fire.state() == state).count();
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        Instant end = Instant.now().plusSeconds(20);
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now()).as("waited long enough").isBefore(end);
            Thread.sleep(50);
        }
    }

    @Test
    void eachSlotIsRunOnceByOneOfTwoNodes() throws InterruptedException {
        try (Scheduler one = serve(everyQuarterSecond(), launch);
                Scheduler two = serve(everyQuarterSecond(), launch)) {
            await(() -> launch.slots().size() >= 12);
        }

        List<FireRow> fires = fires();
        assertThat(fires).allMatch(fire -> fire.state() == State.DONE);
        assertThat(fires).extracting(FireRow::slot).containsExactlyInAnyOrderElementsOf(launch.slots());
        assertThat(launch.slots()).doesNotHaveDuplicates();
    }

    @Test
    void slotsBetweenTwoServersAreMissed() throws InterruptedException {
        try (Scheduler first = serve(everyQuarterSecond(), launch, STRICT)) {
            await(() -> fires(State.DONE) >= 2);
        }
        int before = launch.slots().size();
        Thread.sleep(2500);
        try (Scheduler second = serve(everyQuarterSecond(), launch, STRICT)) {
            await(() -> launch.slots().size() >= before + 2);
        }

        assertThat(fires())
                .filteredOn(fire -> fire.reason().equals(Optional.of("no server was there when it came")))
                .hasSizeGreaterThanOrEqualTo(4)
                .allMatch(fire -> fire.state() == State.MISSED);
        assertThat(launch.slots()).doesNotHaveDuplicates();
    }

    @Test
    void aSlotRunsItsJobAndOneThatComesMeanwhileIsOverlapped() throws InterruptedException {
        server.execute("CREATE TABLE counted (slot timestamptz)");
        job("count-rows", "posts.sleep", "0 4 1 1 *");
        Home home = files.home();
        Launch engine = new LaunchOnEngine(home, Settings.of(home), database, line -> {});
        try (Scheduler scheduler = serve(soon(500, 1000), engine)) {
            await(() -> fires(State.DONE) == 1 && fires(State.OVERLAPPED) == 1);
        }

        FireRow overlapped = fires().get(0);
        FireRow done = fires().get(1);
        Instant first = done.slot();
        assertThat(overlapped.slot()).isEqualTo(first.plusMillis(500));
        assertThat(overlapped.state()).isEqualTo(State.OVERLAPPED);
        assertThat(overlapped.reason()).contains("the run for the slot %s was still under way".formatted(first));
        assertThat(done.run()).hasValue(1);
        assertThat(server.value("SELECT count(*) FROM counted")).isEqualTo("1");
        assertThat(server.value("SELECT slot = TIMESTAMPTZ '%s' FROM counted".formatted(first)))
                .isEqualTo("t");
        assertThat(server.value("SELECT slot = TIMESTAMPTZ '%s' FROM nightshift.run".formatted(first)))
                .isEqualTo("t");
    }

    @Test
    void aSlotThatComesWhileAnotherProcessRunsTheJobIsOverlapped() throws Exception {
        server.execute("CREATE TABLE counted (slot timestamptz)");
        job("count-rows", "posts.sleep", "0 4 1 1 *");
        Home home = files.home();
        Launch elsewhere = new LaunchOnEngine(home, Settings.of(home), database, line -> {});
        database.createOwnTables();
        CompletableFuture<Launch.Outcome> running =
                CompletableFuture.supplyAsync(() -> elsewhere.run("count-rows", start));
        await(() -> "1".equals(server.value("SELECT count(*) FROM nightshift.attempt WHERE state = 'STARTED'")));
        Launch.Outcome outcome = new LaunchOnEngine(home, Settings.of(home), database, line -> {})
                .run("count-rows", start.plusSeconds(60));

        assertThat(outcome.state()).isEqualTo(State.OVERLAPPED);
        assertThat(outcome.reason().orElseThrow())
                .startsWith("Job count-rows: is already running: run 1, started by schedule count-rows on ");
        assertThat(running.get().state()).isEqualTo(State.DONE);
    }

    @Test
    void aServerThatEndsStopsItsRunAndTheNextSlotGoesOnWithIt() throws Exception {
        server.execute("CREATE TABLE counted (slot timestamptz)");
        files.with(
                "jobs/count-rows.yml",
                """
                description: Two steps, so that there is something to stop between.
                schedule: {cron: "0 4 1 1 *"}
                steps:
                  - sql: {name: first, statement: posts.sleep}
                  - sql: {name: second, statement: posts.count}
                """);
        Home home = files.home();
        Launch engine = new LaunchOnEngine(home, Settings.of(home), database, line -> {});
        Scheduler scheduler = serve(soon(500), engine);
        await(() -> database.hasOwnTables()
                && "1".equals(server.value("SELECT count(*) FROM nightshift.step WHERE state = 'STARTED'")));
        scheduler.close();

        assertThat(fires().get(0).state()).isEqualTo(State.FAILED);
        assertThat(fires().get(0).reason()).contains("stopped before the end: the server ends");
        Launch.Outcome next = new LaunchOnEngine(home, Settings.of(home), database, line -> {})
                .run("count-rows", start.plusSeconds(60));
        assertThat(next.state()).isEqualTo(State.DONE);
        assertThat(next.run()).hasValue(2);
        assertThat(server.value("SELECT count(*) FROM counted")).isEqualTo("4");
    }

    @Test
    void anUnfinishedRunIsFinishedBeforeTheSlotHasItsOwn() {
        Home home = files.home();
        Launch engine = new LaunchOnEngine(home, Settings.of(home), database, line -> {});
        Launch.Outcome failed = engine.run("count-rows", start);
        server.execute("CREATE TABLE counted (slot timestamptz)");
        Launch.Outcome done = engine.run("count-rows", start.plusSeconds(60));

        assertThat(failed.state()).isEqualTo(State.FAILED);
        assertThat(failed.reason().orElseThrow()).contains("counted");
        assertThat(done.state()).isEqualTo(State.DONE);
        assertThat(done.run()).hasValue(2);
        assertThat(server.value("SELECT string_agg(state, ' ' ORDER BY run) FROM nightshift.run"))
                .isEqualTo("COMPLETED COMPLETED");
        assertThat(server.value("SELECT count(DISTINCT slot) FROM counted")).isEqualTo("2");
    }

    @Test
    void aSlotWhoseServerDiedIsFailed() {
        database.createOwnTables();
        server.execute(
                """
                INSERT INTO nightshift.fire (schedule, slot, state, node)
                VALUES ('count-rows', '2026-01-01 04:00Z', 'STARTED', 'gone-1-0')""");
        serve(at(), launch).close();

        FireRow lost = fires().get(0);
        assertThat(lost.state()).isEqualTo(State.FAILED);
        assertThat(lost.reason()).contains("its server was gone before a run began");
    }

    @Test
    void aScheduleThatIsTakenOutOfItsFileComesNoMore() {
        serve(at(start.plusSeconds(3600)), launch).close();
        assertThat(server.value("SELECT count(*) FROM nightshift.qrtz_triggers"))
                .isEqualTo("1");

        files.with("jobs/count-rows.yml", "description: By hand only.\nsteps:\n  - sql: posts.count\n");
        serve(at(start.plusSeconds(3600)), launch).close();

        assertThat(server.value("SELECT count(*) FROM nightshift.qrtz_triggers"))
                .isEqualTo("0");
        assertThat(server.value("SELECT count(*) FROM nightshift.qrtz_job_details"))
                .isEqualTo("0");
    }

    @Test
    void aChangedScheduleReplacesTheSlotThatIsWaitedFor() {
        serve(at(start.plusSeconds(3600)), launch).close();
        job("count-rows", "posts.count", "0 5 1 1 *");
        serve(at(start.plusSeconds(7200)), launch).close();

        assertThat(server.value("SELECT string_agg(trigger_name, ',') FROM nightshift.qrtz_triggers"))
                .isEqualTo("count-rows " + start.plusSeconds(7200));
    }

    @Test
    void nothingIsServedWhileAJobFileHasAFault() {
        files.with("jobs/broken.yml", "stepps: []\n");

        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> serve(at(), launch))
                .withMessageContaining("jobs/broken.yml");
    }
}
