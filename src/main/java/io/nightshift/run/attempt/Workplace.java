package io.nightshift.run.attempt;

import io.nightshift.content.Home;
import io.nightshift.content.Settings;
import io.nightshift.database.Database;
import io.nightshift.health.Health;
import io.nightshift.job.StepDefinition;
import io.nightshift.problem.ExitCode;
import io.nightshift.problem.Problems;
import io.nightshift.run.books.Runs;
import io.nightshift.run.work.Kinds;
import io.nightshift.run.work.Work;
import io.nightshift.sql.Statements;
import io.nightshift.step.StepKinds;

/** What every run of an engine shares. */
public record Workplace(Home home, Database database, RunSettings settings, StepKinds kinds, Runs runs, Health health) {

    /** As the settings of this home say. */
    public static Workplace of(Home home, Settings settings, Database database) {
        return new Workplace(
                home,
                database,
                settings.read("nightshift.run", RunSettings.class),
                Kinds.all(),
                new Runs(database),
                Health.of(settings, database));
    }

    /**
     * Refuses what cannot be done here, before anything has begun.
     *
     * @throws io.nightshift.problem.ProblemException when a step wants more connections than there are, or the
     *     operator's own check is no statement that could be asked
     */
    public void refuseUnfit(Work work, Statements statements) {
        checkConnections(work);
        Watching.check(this, work, statements);
    }

    /** Every worker holds a connection for its chunk; the books of runs need one beside them. */
    private void checkConnections(Work work) {
        int most = database.poolSize() - 1;
        Problems problems = new Problems();
        for (StepDefinition step : work.definition().steps()) {
            if (step.connections() > most) {
                problems.add(
                        step.where() + ".connections",
                        "%d connections are more than the pool can give, which is %d"
                                .formatted(step.connections(), most),
                        "Write fewer, or raise nightshift.database.pool-size to %d.".formatted(step.connections() + 1));
            }
        }
        problems.throwIfAny(ExitCode.USAGE);
    }
}
