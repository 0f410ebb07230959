package io.nightshift.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.crash.WireProxy.Verdict;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An administrator restarts PostgreSQL in the middle of a run, which goes on by itself. */
class ServerRestartTest {

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"fast", "immediate"})
    void theRunGoesOnByItselfAndSaysSo(String mode) {
        Scenario scenario = Scenarios.UPDATE;
        try (Harness harness = new Harness(Build.current(), CrashServer.start("crash-postgres"), directory)) {
            Ending expected = harness.undisturbed(scenario);
            Path home = harness.arrange(scenario);
            CrashServer server = harness.server();
            AtomicInteger chunks = new AtomicInteger();
            harness.proxy().watch(new WireProxy.Watcher() {
                @Override
                public Verdict sent(Sent statement) {
                    if (statement.commitsChunk() && chunks.incrementAndGet() == 5) {
                        server.restart(mode);
                    }
                    return Verdict.PASS;
                }
            });

            ProgramUnderTest program = harness.start(harness.build(), scenario, home);

            assertThat(program.end()).as("%s", program).isZero();
            assertThat(Ending.of(server, scenario, home).differencesTo(expected))
                    .isEmpty();
            assertThat(server.value("SELECT count(*) FROM nightshift.attempt")).isEqualTo("2");
            assertThat(server.value("SELECT string_agg(message, ', ') FROM nightshift.event WHERE kind = 'retry'"))
                    .contains("attempt again (1 of 5)");
        }
    }
}
