package io.nightshift.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.ItemsJob;
import io.nightshift.TestDatabase;
import io.nightshift.TestRun;
import io.nightshift.chunk.Counts;
import io.nightshift.content.Home;
import io.nightshift.crash.WireProxy.Verdict;
import io.nightshift.run.books.RunResult;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A network that cuts, loses answers, is slow or falls silent: nothing twice, nothing lost, and all of it on record. */
class BrokenConnectionTest {

    private static final TestDatabase DATABASE = TestDatabase.create();

    @TempDir
    Path directory;

    private WireProxy proxy;

    @BeforeEach
    void stand() {
        URI server = URI.create(DATABASE.url());
        proxy = WireProxy.before(server.getHost(), server.getPort());
    }

    @AfterEach
    void leave() {
        proxy.close();
    }

    @AfterAll
    static void drop() {
        DATABASE.close();
    }

    @Test
    void aConnectionThatBreaksInTheMiddleOfAChunkIsFollowedByAnotherAttempt() throws Exception {
        ItemsJob job = ItemsJob.on(DATABASE, "cut");
        proxy.watch(at(Phase.BETWEEN_STATEMENTS, 20, () -> Verdict.CUT));

        RunResult result = TestRun.of(behindProxy(job), "cut");

        assertThat(result.problem()).isEmpty();
        assertThat(result.attempts()).isEqualTo(2);
        assertThat(result.rows()).isEqualTo(new Counts(10, 10, 0, 0));
        assertThat(job.state()).isEqualTo("10");
        assertThat(retries(result)).contains("SQLSTATE 08006", "attempt again (1 of 5)");
    }

    @Test
    void aCommitThatNeverArrivesIsDoneAgain() throws Exception {
        ItemsJob job = ItemsJob.on(DATABASE, "lost");
        proxy.watch(at(Phase.BEFORE_COMMIT, 4, () -> Verdict.CUT));

        RunResult result = TestRun.of(behindProxy(job), "lost");

        assertThat(result.problem()).isEmpty();
        assertThat(result.attempts()).isEqualTo(2);
        assertThat(result.rows()).isEqualTo(new Counts(10, 10, 0, 0));
        assertThat(job.state()).isEqualTo("10");
        assertThat(chunksByAttempt(result)).isEqualTo("1: 3, 2: 7");
        assertThat(found(result))
                .isEqualTo("committed chunks of the attempt before: as was answered: what was under way is done again");
    }

    @Test
    void aCommitWhoseAnswerIsLostIsFoundInTheLedgerAndNotDoneAgain() throws Exception {
        ItemsJob job = ItemsJob.on(DATABASE, "unanswered");
        proxy.watch(at(Phase.AFTER_COMMIT, 4, () -> Verdict.CUT));

        RunResult result = TestRun.of(behindProxy(job), "unanswered");

        assertThat(result.problem()).isEmpty();
        assertThat(result.attempts()).isEqualTo(2);
        assertThat(result.rows()).isEqualTo(new Counts(10, 10, 0, 0));
        assertThat(job.state()).isEqualTo("10");
        assertThat(retries(result)).contains("SQLSTATE 08006");
        // The fourth chunk was committed by the attempt that never heard of it.
        assertThat(chunksByAttempt(result)).isEqualTo("1: 4, 2: 6");
        assertThat(found(result))
                .isEqualTo("committed chunks of the attempt before: 1 more than was answered: not done again");
    }

    @Test
    void aStepWhoseEndCannotBeWrittenDownIsEndedByAnotherAttempt() throws Exception {
        ItemsJob job = ItemsJob.on(DATABASE, "unended");
        proxy.watch(at(Phase.END_OF_STEP, 1, () -> Verdict.CUT));

        RunResult result = TestRun.of(behindProxy(job), "unended");

        assertThat(result.problem()).isEmpty();
        assertThat(result.attempts()).isEqualTo(2);
        assertThat(result.steps().get(0).status()).isEqualTo("COMPLETED");
        assertThat(job.state()).isEqualTo("10");
        assertThat(chunksByAttempt(result)).isEqualTo("1: 10");
    }

    @Test
    void aSlowNetworkOnlyMakesItSlow() throws Exception {
        ItemsJob job = ItemsJob.on(DATABASE, "slow");
        proxy.watch(new WireProxy.Watcher() {
            @Override
            public Verdict sent(Sent statement) {
                pause(statement.place() == Sent.Place.CHUNK ? 10 : 0);
                return Verdict.PASS;
            }

            @Override
            public Verdict answered(Sent statement) {
                return sent(statement);
            }
        });

        RunResult result = TestRun.of(behindProxy(job), "slow");

        assertThat(result.problem()).isEmpty();
        assertThat(result.attempts()).isEqualTo(1);
        assertThat(job.state()).isEqualTo("10");
    }

    @Test
    void anAnswerThatNeverComesIsGivenUpAfterTheTimeThatWasSet() throws Exception {
        ItemsJob job = ItemsJob.on(DATABASE, "silent");
        Home home = behindProxy(job);
        Path settings = home.root().resolve("config/application.yml");
        Files.writeString(settings, Files.readString(settings) + "    socket-timeout: 1s\n");
        proxy.watch(at(Phase.AFTER_COMMIT, 4, () -> {
            pause(3_000);
            return Verdict.PASS;
        }));

        RunResult result = TestRun.of(home, "silent");

        assertThat(result.problem()).isEmpty();
        assertThat(result.attempts()).isEqualTo(2);
        assertThat(job.state()).isEqualTo("10");
        assertThat(chunksByAttempt(result)).isEqualTo("1: 4, 2: 6");
    }

    /** The job's home, whose database is behind the proxy. */
    private Home behindProxy(ItemsJob job) throws Exception {
        Home home = job.home(directory);
        Path settings = home.root().resolve("config/application.yml");
        URI server = URI.create(DATABASE.url());
        Files.writeString(
                settings,
                Files.readString(settings)
                        .replace(server.getHost() + ":" + server.getPort(), "127.0.0.1:" + proxy.port()));
        return home;
    }

    /** What happens at the how manyth statement of a phase. */
    private static WireProxy.Watcher at(Phase phase, int occasion, java.util.function.Supplier<Verdict> what) {
        AtomicInteger left = new AtomicInteger(occasion);
        return new WireProxy.Watcher() {
            @Override
            public Verdict sent(Sent statement) {
                return phase.at(statement, false) && left.decrementAndGet() == 0 ? what.get() : Verdict.PASS;
            }

            @Override
            public Verdict answered(Sent statement) {
                return phase.at(statement, true) && left.decrementAndGet() == 0 ? what.get() : Verdict.PASS;
            }
        };
    }

    private static String retries(RunResult result) {
        return DATABASE.value("SELECT string_agg(message, ', ') FROM nightshift.event WHERE kind = 'retry' AND run = "
                + result.run());
    }

    private static String found(RunResult result) {
        return DATABASE.value("SELECT string_agg(message, ', ') FROM nightshift.event WHERE kind = 'ledger' AND run = "
                + result.run());
    }

    private static String chunksByAttempt(RunResult result) {
        return DATABASE.value(
                """
                SELECT string_agg(attempt || ': ' || chunks, ', ' ORDER BY attempt)
                FROM (
                  SELECT attempt, count(*) AS chunks
                  FROM nightshift.ledger
                  WHERE run = %d
                  GROUP BY attempt
                ) a"""
                        .formatted(result.run()));
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
