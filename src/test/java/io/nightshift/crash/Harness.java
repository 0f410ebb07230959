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
        this.proxy = WireProxy.before("127.0.0.1", server.port());
        // The tables of an earlier build.
        server.execute("DROP SCHEMA IF EXISTS nightshift CASCADE");
    }

    Build build() {
        return build;
    }

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

    /** A process that runs the job, or goes on with its run. */
    ProgramUnderTest start(Build of, Scenario scenario, Path home) {
        return ProgramUnderTest.start(of, home, "run", scenario.job());
    }

    /** Lies in wait; returns when it has happened, or the process has ended before: then there was no occasion. */
    Optional<Phase> ambush(Kill kill, ProgramUnderTest program) {
        Ambush ambush = new Ambush(kill, program, server, proxy);
        proxy.watch(ambush);
        try {
            return ambush.await();
        } finally {
            proxy.watchNoMore();
        }
    }

    /** Lets it go on, undisturbed, until it is done. */
    Ending finish(Build of, Scenario scenario, Path home) {
        if (!done()) {
            ProgramUnderTest program = start(of, scenario, home);
            assertThat(program.end()).as("resumed: %s", program).isZero();
        }
        return Ending.of(server, scenario, home);
    }

    /** Whether the run is finished, by the books: its process may have been killed behind that. */
    boolean done() {
        return server.column("SELECT state FROM nightshift.run WHERE parent_run IS NULL ORDER BY run DESC LIMIT 1")
                .contains("COMPLETED");
    }

    /** Kills up to so many times, lets the run finish, and compares. */
    void play(Scenario scenario, Deck deck, int most, KillLog log) {
        Ending expected = undisturbed(scenario);
        Path home = arrange(scenario);
        int killed = 0;
        while (killed < most && !deck.isEmpty() && !done()) {
            int before = killed;
            killed += killProcess(scenario, home, deck, log, most - killed, killed > 0);
            if (killed == before) {
                break;
            }
        }
        assertThat(finish(build, scenario, home).differencesTo(expected))
                .as("%s after %s", scenario.name(), log.latest())
                .isEmpty();
        log.compared(scenario);
    }

    /** What does not kill the program is followed by something else in the same process; returns how often it worked. */
    private int killProcess(Scenario scenario, Path home, Deck deck, KillLog log, int most, boolean continuing) {
        ProgramUnderTest program = start(build, scenario, home);
        int killed = 0;
        boolean dead = false;
        while (killed < most && !dead && !deck.isEmpty()) {
            Kill kill = deck.next(continuing || killed > 0);
            Optional<Phase> phase = ambush(kill, program);
            if (phase.isPresent()) {
                log.add(scenario, kill, phase.get());
                killed++;
            } else {
                log.missed(scenario, kill);
                deck.putBack(kill);
            }
            dead = phase.isEmpty() || kill.target().killsProgram();
        }
        int exit = program.end();
        if (killed == 0) {
            assertThat(exit).as("was not disturbed: %s", program).isZero();
        } else {
            assertThat(exit)
                    .as("was killed, survived or said what to do: %s", program)
                    .isIn(0, 1, 137);
        }
        return killed;
    }

    @Override
    public void close() {
        proxy.close();
        server.close();
    }
}
