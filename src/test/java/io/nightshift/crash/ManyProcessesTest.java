package io.nightshift.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.OtherSession;
import io.nightshift.TestDatabase;
import io.nightshift.TestHome;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several processes at one job: one that is frozen and replaced, and many that come at once. */
class ManyProcessesTest {

    private static final boolean FULL = Boolean.getBoolean("nightshift.crash.full");
    private static final TestDatabase DATABASE = TestDatabase.create();
    private static final Build BUILD = Build.current();

    @TempDir
    Path home;

    @AfterAll
    static void drop() {
        DATABASE.close();
    }

    /** Twenty rows, one in a chunk; a chunk takes as long as {@code pauses} says. */
    @BeforeEach
    void arrange() {
        DATABASE.execute(
                """
                DROP TABLE IF EXISTS rows, pauses;
                CREATE TABLE rows (id bigint PRIMARY KEY, times int NOT NULL DEFAULT 0);
                CREATE TABLE pauses (seconds double precision NOT NULL);
                INSERT INTO rows SELECT n FROM generate_series(1, 20) n;
                INSERT INTO pauses VALUES (0.2)""");
        TestHome.in(home)
                .with(
                        "mappers/rows.xml",
                        """
                        <mapper namespace="rows">
                          <select id="untouched">
                            /* nightshift: rows.untouched */
                            SELECT id
                            FROM rows
                            WHERE times = 0
                          </select>
                          <update id="touch">
                            /* nightshift: rows.touch */
                            UPDATE rows
                            SET times = times + 1
                            FROM (SELECT pg_sleep(seconds) FROM pauses) paused
                            WHERE id = ANY (#{keys})
                              AND times = 0
                          </update>
                        </mapper>
                        """)
                .with(
                        "jobs/touch.yml",
                        """
                        chunk: 1
                        lock-timeout: none
                        target-duration: none
                        steps:
                          - update: {name: rows, table: rows, keys: rows.untouched, apply: rows.touch}
                        """)
                .on(DATABASE);
    }

    @Test
    void aFrozenProcessWhoseRunWasTakenOverCommitsNothingWhenItWakesUp() {
        ProgramUnderTest frozen = ProgramUnderTest.start(BUILD, home, "run", "touch");
        awaitTouched(frozen, 3);
        String run = DATABASE.value("SELECT max(run) FROM nightshift.run");
        frozen.signal("STOP");

        ProgramUnderTest second = ProgramUnderTest.start(BUILD, home, "run", "touch");
        assertThat(second.end()).as("%s", second).isEqualTo(4);
        ProgramUnderTest next = ProgramUnderTest.start(BUILD, home, "resume", run, "--take-over");
        assertThat(next.end()).as("%s", next).isZero();
        frozen.signal("CONT");

        assertThat(frozen.end()).as("%s", frozen).isEqualTo(1);
        assertThat(frozen.err() + frozen.out())
                .contains("Run " + run + " of touch")
                .containsPattern("another attempt has (begun|taken)|somebody else has it by now")
                .doesNotContain("\tat ");
        assertThat(touched()).isEqualTo("20 once");
        assertThat(DATABASE.value("SELECT state FROM nightshift.run WHERE run = " + run))
                .isEqualTo("COMPLETED");
        assertThat(DATABASE.value("SELECT count(*) FROM nightshift.event WHERE kind = 'take-over' AND run = " + run))
                .isEqualTo("1");
        assertThat(DATABASE.value(
                        "SELECT string_agg(state, ' ' ORDER BY attempt) FROM nightshift.attempt WHERE run = " + run))
                .isEqualTo("FAILED COMPLETED");
    }

    @Test
    void ofEightThatStartOneJobOneRunsAndSevenAreToldWhoWhereAndSinceWhen() throws Exception {
        DATABASE.execute("UPDATE pauses SET seconds = 0");
        List<ProgramUnderTest> programs = new ArrayList<>();
        try (OtherSession gate = OtherSession.on(DATABASE).execute("SELECT FROM rows WHERE id = 20 FOR UPDATE")) {
            Instant end = Instant.now().plusSeconds(FULL ? 30 : 0);
            for (int n = 0; n < 8; n++) {
                programs.add(ProgramUnderTest.start(BUILD, home, "run", "touch"));
            }
            while (programs.stream().filter(ProgramUnderTest::alive).count() > 1
                    || Instant.now().isBefore(end)) {
                Thread.sleep(50);
            }
            gate.commit();
        }

        List<Integer> exits =
                programs.stream().map(ProgramUnderTest::end).sorted().toList();

        assertThat(exits).as("%s", programs).containsExactly(0, 4, 4, 4, 4, 4, 4, 4);
        List<String> messages = programs.stream()
                .filter(program -> program.end() == 4)
                .map(ProgramUnderTest::err)
                .distinct()
                .toList();
        assertThat(messages)
                .singleElement()
                .asString()
                .containsPattern(
                        "Job touch: is already running: run \\d+, started by \\S+ on \\S+ at \\d{4}-\\d{2}-\\d{2}T[\\d:]+Z");
        assertThat(touched()).isEqualTo("20 once");
    }

    private static void awaitTouched(ProgramUnderTest program, int count) {
        while (Integer.parseInt(DATABASE.value("SELECT count(*) FROM rows WHERE times > 0")) < count) {
            assertThat(program.alive()).as("%s", program).isTrue();
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static String touched() {
        return DATABASE.value("SELECT count(*) FILTER (WHERE times > 0)"
                + " || CASE max(times) WHEN 1 THEN ' once' ELSE ' some twice' END FROM rows");
    }
}
