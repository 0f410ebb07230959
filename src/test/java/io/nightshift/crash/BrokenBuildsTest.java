package io.nightshift.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.crash.BrokenBuild.Change;
import io.nightshift.crash.Kill.Target;
import io.nightshift.crash.WireProxy.Verdict;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who watches the watchman: faults that are built in on purpose are seen by the comparison, and only they. */
class BrokenBuildsTest {

    private static final String LOOP = "chunk/ChunkLoop.java";

    @TempDir
    static Path directory;

    private static Harness harness;

    @BeforeAll
    static void start() {
        harness = new Harness(Build.current(), CrashServer.start("crash-postgres"), directory);
    }

    @AfterAll
    static void stop() {
        harness.close();
    }

    @Test
    void positionOutsideOfTheTransaction() {
        BrokenBuild broken = new BrokenBuild(
                "position outside the transaction",
                List.of(new Change(
                        LOOP,
                        "ledger.append(connection, outcome.entry());",
                        "try (Connection own = environment.dataSource().getConnection()) {"
                                + " ledger.append(own, outcome.entry()); }")));

        assertThat(seen(broken, Scenarios.LOAD, new Kill(Target.PROGRAM, Phase.BEFORE_COMMIT, 3, false)))
                .anyMatch(difference -> difference.startsWith("people: "));
    }

    @Test
    void rejectsInTheirOwnTransaction() {
        BrokenBuild broken = new BrokenBuild(
                "rejects in their own transaction",
                List.of(new Change(
                        LOOP,
                        "rejects.write(connection, outcome.rejects());",
                        "try (Connection own = environment.dataSource().getConnection()) {"
                                + " rejects.write(own, outcome.rejects()); }")));

        assertThat(seen(broken, Scenarios.LOAD, new Kill(Target.PROGRAM, Phase.BEFORE_COMMIT, 2, false)))
                .anyMatch(difference -> difference.startsWith("rejects: "));
    }

    /** It does the chunk again as it is in memory, and lets the ledger's row pass that says that it was done. */
    @Test
    void blindRetryAtCommit() {
        BrokenBuild broken = new BrokenBuild(
                "blind retry at commit",
                List.of(
                        new Change(
                                "chunk/ChunkStep.java",
                                "worker(execution.getStepName(), chunks, shared, number).execute(execution);",
                                """
                                worker(execution.getStepName(), chunks, shared, number).execute(execution);
                                if (execution.getStatus() != BatchStatus.COMPLETED) {
                                    chunks.rewind();
                                    String name = execution.getStepName() + "again";
                                    StepExecution again =
                                            getJobRepository().createStepExecution(name, execution.getJobExecution());
                                    worker(name, chunks, shared, number).execute(again);
                                    execution.setStatus(again.getStatus());
                                }"""),
                        new Change(
                                "chunk/Ledger.java",
                                "(extract(epoch FROM clock_timestamp() - now()) * 1000)::bigint, ?)\"\"\"",
                                "(extract(epoch FROM clock_timestamp() - now()) * 1000)::bigint, ?)"
                                        + " ON CONFLICT DO NOTHING\"\"\"")));

        assertThat(seen(broken, Scenarios.LOAD, new Kill(Target.CONNECTION, Phase.AFTER_COMMIT, 3, false)))
                .anyMatch(difference -> difference.startsWith("people: "));
    }

    @Test
    void anUnstableOrder() {
        BrokenBuild broken = new BrokenBuild(
                "an unstable order",
                List.of(new Change(
                        "sql/KeysQuery.java",
                        "order = \"ORDER BY \" + columns.each(KeyColumn::quoted)",
                        "order = \"ORDER BY md5(pg_backend_pid() || \" + columns.each(KeyColumn::text) + \")\"")));

        assertThat(seen(broken, Scenarios.UPDATE, new Kill(Target.PROGRAM, Phase.BEFORE_COMMIT, 1, false)))
                .anyMatch(difference -> difference.startsWith("items: "));
    }

    /** A frozen process whose run was abandoned for a new one, and that then goes on. */
    @Test
    void noToken() {
        BrokenBuild broken = new BrokenBuild(
                "no token",
                List.of(new Change(
                        "chunk/Fence.java",
                        "if (!result.next() || result.getLong(1) != assignment.token()) {",
                        "if (!result.next()) {")));
        Ending expected = harness.undisturbed(Scenarios.LOAD).only(Scenarios.LOAD);

        assertThat(supplanted(harness.build()).differencesTo(expected)).isEmpty();
        assertThat(supplanted(broken.of(harness.build(), directory)).differencesTo(expected))
                .anyMatch(difference -> difference.startsWith("people: "));
    }

    /** What the comparison says of a broken build; of the sound one it must say nothing. */
    private static List<String> seen(BrokenBuild broken, Scenario scenario, Kill kill) {
        Ending expected = harness.undisturbed(scenario);
        assertThat(disturbed(harness.build(), scenario, kill).differencesTo(expected))
                .isEmpty();
        return disturbed(broken.of(harness.build(), directory), scenario, kill).differencesTo(expected);
    }

    private static Ending disturbed(Build build, Scenario scenario, Kill kill) {
        Path home = harness.arrange(scenario);
        ProgramUnderTest program = harness.start(build, scenario, home);
        assertThat(harness.ambush(kill, program)).as("%s", program).isPresent();
        program.end();
        return harness.finish(build, scenario, home);
    }

    /**
     * A process is held at the first statement of its first chunk, its lock's session ends, and another process runs the
     * same work to the end as a new run; then the first one goes on.
     */
    private static Ending supplanted(Build build) {
        Scenario scenario = Scenarios.LOAD;
        Path home = harness.arrange(scenario);
        Hold hold = new Hold();
        harness.proxy().watch(hold);
        ProgramUnderTest frozen = harness.start(build, scenario, home);
        hold.awaitHeld();
        harness.server()
                .execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                        + " WHERE application_name = 'nightshift lock " + scenario.job() + "'");
        ProgramUnderTest next = ProgramUnderTest.start(build, home, "run", scenario.job(), "--new");
        assertThat(next.end()).as("%s", next).isZero();
        hold.release();
        assertThat(frozen.end()).as("%s", frozen).isEqualTo(1);
        harness.proxy().watchNoMore();
        return Ending.of(harness.server(), scenario, home).only(scenario);
    }

    /** Keeps the first chunk from reaching the server. */
    private static final class Hold implements WireProxy.Watcher {

        private final CountDownLatch held = new CountDownLatch(1);
        private final CountDownLatch released = new CountDownLatch(1);
        private int seen;

        @Override
        public Verdict sent(Sent statement) {
            if (Sent.readsToken(statement.sql()) && isSecond()) {
                held.countDown();
                await(released);
            }
            return Verdict.PASS;
        }

        /** The first token is read when the step is opened. */
        private synchronized boolean isSecond() {
            return ++seen == 2;
        }

        void awaitHeld() {
            await(held);
        }

        void release() {
            released.countDown();
        }

        private static void await(CountDownLatch latch) {
            try {
                assertThat(latch.await(2, java.util.concurrent.TimeUnit.MINUTES))
                        .isTrue();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
