package io.nightshift.run.attempt;

import io.nightshift.chunk.Pause;
import io.nightshift.chunk.Progress;
import io.nightshift.chunk.StopSignal;
import io.nightshift.health.Health;
import io.nightshift.health.HealthWatch;
import io.nightshift.health.signal.Limits;
import io.nightshift.job.StepDefinition;
import io.nightshift.problem.ProblemException;
import io.nightshift.run.books.RunRow;
import io.nightshift.run.work.OwnChecks;
import io.nightshift.run.work.Work;
import io.nightshift.sql.BoundSql;
import io.nightshift.sql.SqlValue;
import io.nightshift.sql.Statements;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The watch over the server's health during one attempt; it begins with the first step. */
final class Watching implements AutoCloseable {

    private final Health health;
    private final HealthWatch.Subject subject;
    private final StopSignal stop;
    private final Progress progress;
    private @Nullable HealthWatch watch;

    Watching(Health health, HealthWatch.Subject subject, StopSignal stop, Progress progress) {
        this.health = health;
        this.subject = subject;
        this.stop = stop;
        this.progress = progress;
    }

    /** @throws ProblemException when the operator's own check is no statement that could be asked; nothing has begun */
    static void check(Workplace workplace, Work work, Statements statements) {
        subject(workplace, work, statements, work.sqlValues(0, Instant.EPOCH, Instant.EPOCH), 0);
    }

    static HealthWatch.Subject subject(Workplace workplace, RunRow run, Work work, Statements statements) {
        return subject(workplace, work, statements, work.sqlValues(run.run(), run.now(), run.asOf()), run.run());
    }

    private static HealthWatch.Subject subject(
            Workplace workplace, Work work, Statements statements, Map<String, SqlValue> values, long run) {
        Limits limits = workplace.health().limits(work.definition().options().holds());
        Optional<BoundSql> check = limits.check().map(id -> OwnChecks.bound(id, workplace.home(), statements, values));
        return new HealthWatch.Subject(run, work.definition().name(), limits, check);
    }

    Progress progress() {
        return progress;
    }

    /** How a step waits. */
    Pause pause(StepDefinition step) {
        return new StepPause(this, step, stop);
    }

    /** The watch, from now on at this step. */
    synchronized HealthWatch at(StepDefinition step) throws InterruptedException {
        HealthWatch begun = watch == null ? health.watch(subject, new Heard()) : watch;
        watch = begun;
        begun.atStep(step.name(), step.tables());
        return begun;
    }

    /** Looks no more until the next step: a run that is begun by this one looks for itself. */
    synchronized void rest() {
        if (watch != null) {
            watch.close();
            watch = null;
        }
    }

    @Override
    public void close() {
        rest();
    }

    private final class Heard implements HealthWatch.Listener {

        @Override
        public void waiting(Optional<String> reason) {
            progress.waiting(reason);
        }

        @Override
        public void note(String line) {
            progress.note("Run %d of %s: %s".formatted(subject.run(), subject.job(), line));
        }

        @Override
        public void tooLong(String reason) {
            stop.request(reason);
        }
    }
}
