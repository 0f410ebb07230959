package io.nightshift.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.TestHome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.util.FileSystemUtils;

/**
 * Runs scenarios on a server of its own, through a proxy, killing what a {@link Deck} says, and compares how they end
 * with a run that nobody disturbed.
 */
final class Harness implements AutoCloseable {

    private static final String RESET =
            """
            DROP SCHEMA public CASCADE;
            CREATE SCHEMA public;
            DO $$
            DECLARE
              names text;
            BEGIN
              SELECT string_agg('nightshift.' || relname, ', ')
              INTO names
              FROM pg_class
              WHERE relnamespace = to_regnamespace('nightshift')
                AND relkind = 'r'
                AND relname !~ 'qrtz|history';
              IF names IS NOT NULL THEN
                EXECUTE 'TRUNCATE ' || names || ' RESTART IDENTITY CASCADE';
              END IF;
            END $$""";

    private final Build build;
    private final CrashServer server;
    private final WireProxy proxy;
    private final Path directory;
    private final Map<String, Ending> undisturbed = new HashMap<>();

    Harness(Build build, CrashServer server, Path directory) {
        this.build = build;
        this.server = server;
        this.directory = directory;
        this.proxy = WireProxy.before(server.port());
    }

    /**
     * What one process did.
     *
     * @param phase where it was killed, if it was
     */
    record Round(Optional<Phase> phase, int exit) {}

    CrashServer server() {
        return server;
    }

    WireProxy proxy() {
        return proxy;
    }

    /** The data as it is before the run, and a fresh home. */
    Path arrange(Scenario scenario) {
        server.execute(RESET);
        server.execute(scenario.tables());
        try {
            Path home = directory.resolve(scenario.name());
            FileSystemUtils.deleteRecursively(home);
            Files.createDirectories(home);
            scenario.write(TestHome.in(home), server.url(proxy.port()));
            return home;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How the scenario ends when nothing happens to it. */
    Ending undisturbed(Scenario scenario) {
        return undisturbed.computeIfAbsent(scenario.name(), name -> {
            Path home = arrange(scenario);
            List<String> command = Files.exists(build.archive()) ? build.command() : build.training();
            ProgramUnderTest program = ProgramUnderTest.start(command, home, "run", scenario.job());
            assertThat(program.end()).as("undisturbed: %s", program).isZero();
            return Ending.of(server, scenario, home);
        });
    }

    /** One process that runs the job or goes on with it, and is ambushed; returns when it has ended. */
    Round round(Build of, Scenario scenario, Path home, Kill kill) {
        ProgramUnderTest program = ProgramUnderTest.start(of, home, "run", scenario.job());
        Ambush ambush = new Ambush(kill, program, server, proxy);
        proxy.watch(ambush);
        int exit = program.end();
        Optional<Phase> phase = ambush.phase();
        proxy.watchNoMore();
        if (phase.isEmpty()) {
            assertThat(exit).as("was not disturbed: %s", program).isZero();
        } else if (!kill.target().killsProgram()) {
            assertThat(exit)
                    .as("survived %s, or said what to do: %s", kill, program)
                    .isIn(0, 1);
        }
        return new Round(phase, exit);
    }

    /** Lets it go on, undisturbed, until it is done. */
    Ending finish(Build of, Scenario scenario, Path home) {
        if (!done()) {
            ProgramUnderTest program = ProgramUnderTest.start(of, home, "run", scenario.job());
            assertThat(program.end()).as("resumed: %s", program).isZero();
        }
        return Ending.of(server, scenario, home);
    }

    /** Whether the run is finished, by the books: its process may have been killed behind that. */
    boolean done() {
        return server.column("SELECT state FROM nightshift.run WHERE parent_run IS NULL ORDER BY run DESC LIMIT 1")
                .contains("COMPLETED");
    }

    /** Kills the scenario up to so many times, lets it finish, and compares. */
    void play(Scenario scenario, Deck deck, int most, KillLog log) {
        Ending expected = undisturbed(scenario);
        Path home = arrange(scenario);
        for (int killed = 0; killed < most && !done(); killed++) {
            Optional<Kill> kill = deck.next(killed > 0);
            if (kill.isEmpty()) {
                break;
            }
            Round round = round(build, scenario, home, kill.get());
            if (round.phase().isEmpty()) {
                log.missed(scenario, kill.get());
                deck.putBack(kill.get());
                break;
            }
            log.add(scenario, kill.get(), round);
        }
        assertThat(finish(build, scenario, home).differencesTo(expected))
                .as("%s after %s", scenario.name(), log.latest(scenario))
                .isEmpty();
        log.compared(scenario);
    }

    @Override
    public void close() {
        proxy.close();
        server.close();
    }
}
