package io.nightshift.run.plan;

import io.nightshift.content.Home;
import io.nightshift.content.Settings;
import io.nightshift.database.Database;
import io.nightshift.job.JobDefinition;
import io.nightshift.job.StepDefinition;
import io.nightshift.problem.ExitCode;
import io.nightshift.problem.Problem;
import io.nightshift.problem.ProblemException;
import io.nightshift.rehearse.ExplainedStatement;
import io.nightshift.rehearse.Rehearsal;
import io.nightshift.rehearse.RehearsedChunk;
import io.nightshift.run.work.Kinds;
import io.nightshift.run.work.StartRequest;
import io.nightshift.run.work.Work;
import io.nightshift.step.StepContext;
import io.nightshift.step.StepKinds;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Does some chunks of a job for real and rolls them back. Leaves no run, no file and no row; what a change costs that is
 * rolled back, it costs.
 */
public final class Rehearser {

    private final Home home;
    private final Database database;
    private final RehearseSettings settings;
    private final StepKinds kinds = Kinds.all();

    public Rehearser(Home home, Settings settings, Database database) {
        this.home = home;
        this.database = database;
        this.settings = settings.read("nightshift.rehearse", RehearseSettings.class);
    }

    /**
     * A step that was rehearsed.
     *
     * @param faults what a run should not do like this
     */
    public record StepRehearsal(
            String name, String kind, List<RehearsedChunk> chunks, List<String> notes, List<Problem> faults) {}

    /**
     * Rehearses every step.
     *
     * @param samples how many chunks of each
     * @throws ProblemException with everything that is wrong with the job or its parameters
     */
    public List<StepRehearsal> rehearse(StartRequest request, int samples) {
        Preview preview = Preview.of(request, home, database, kinds);
        JobDefinition job = preview.work().definition();
        try (Connection connection = database.dedicated("nightshift rehearse " + job.name())) {
            refuseBroken(preview, connection);
            List<StepRehearsal> steps = new ArrayList<>();
            for (StepDefinition step : job.steps()) {
                steps.add(rehearse(step, preview, connection, samples));
            }
            return steps;
        } catch (SQLException failure) {
            throw database.problem(failure);
        }
    }

    private static void refuseBroken(Preview preview, Connection connection) throws SQLException {
        List<Problem> broken = preview.broken(connection, "Nothing was rehearsed: a run would be refused.");
        if (!broken.isEmpty()) {
            throw new ProblemException(ExitCode.REFUSED, broken, null);
        }
    }

    private StepRehearsal rehearse(StepDefinition step, Preview preview, Connection connection, int samples)
            throws SQLException {
        StepContext context = preview.context(step);
        Rehearsal rehearsal = new Rehearsal(connection, context.environment().assignment(), samples);
        List<Problem> faults = new ArrayList<>();
        try {
            kinds.rehearse(step, context, rehearsal);
        } catch (IOException failure) {
            faults.add(new Problem(step.where(), "cannot be read: " + failure.getMessage(), ""));
        }
        rehearsal
                .faults()
                .forEach(what -> faults.add(new Problem(
                        step.where(),
                        what,
                        "Nothing was changed. A run would end here: mend the rows, or raise the limit.")));
        rehearsal.chunks().forEach(chunk -> faults(step, preview.work(), chunk, faults));
        return new StepRehearsal(
                step.name(),
                kinds.word(step),
                rehearsal.chunks(),
                rehearsal.notes(),
                faults.stream().distinct().toList());
    }

    private void faults(StepDefinition step, Work work, RehearsedChunk chunk, List<Problem> faults) {
        chunk.refusal()
                .ifPresent(why -> faults.add(new Problem(
                        step.where(), why, "Nothing was changed. A run would fail here, or reject the row.")));
        Duration own = work.definition().options().statementTimeout();
        Duration limit = own.isZero() ? settings.statementLimit() : own;
        for (ExplainedStatement statement : chunk.statements()) {
            if (statement.seconds() > limit.toMillis() / 1000.0) {
                faults.add(new Problem(
                        step.where(),
                        "%s took %.1f s for %,d rows, more than %.1f s"
                                .formatted(
                                        statement.tag(), statement.seconds(), chunk.rows(), limit.toMillis() / 1000.0),
                        "Look at its plan, or make chunk smaller."));
            }
            for (ExplainedStatement.Scan scan : statement.scans()) {
                if (scan.rows() >= settings.scanned()) {
                    faults.add(new Problem(
                            step.where(),
                            "%s reads %s from one end to the other for one chunk: %,d rows or more"
                                    .formatted(statement.tag(), scan.table(), settings.scanned()),
                            "An index for its condition helps; so do statistics (ANALYZE). The limit is the setting"
                                    + " nightshift.rehearse.scanned."));
                }
            }
        }
    }
}
