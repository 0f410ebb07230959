package io.nightshift.run.work;

import io.nightshift.content.Home;
import io.nightshift.job.JobDefinition;
import io.nightshift.problem.Choices;
import io.nightshift.problem.ExitCode;
import io.nightshift.problem.ProblemException;
import io.nightshift.problem.Problems;
import io.nightshift.sql.BoundSql;
import io.nightshift.sql.SqlValue;
import io.nightshift.sql.Statement;
import io.nightshift.sql.Statements;
import io.nightshift.step.Content;
import java.util.Map;
import java.util.Set;

/** The statements by which operators say themselves when a run has to wait. */
public final class OwnChecks {

    private OwnChecks() {}

    /** Adds what is wrong with the one that a job names. */
    static void check(JobDefinition job, Content content, Problems problems) {
        job.options().holds().check().filter(id -> !id.isEmpty()).ifPresent(id -> {
            Content.Place place = new Content.Place(job.file() + " (holds)", problems);
            content.statement(place, "check", id, Set.of())
                    .filter(found -> found.kind() != Statement.Kind.SELECT)
                    .ifPresent(found -> problems.add(
                            place.where() + ".check",
                            found.id() + " is no <select>",
                            "Name a <select>: each of its rows is a reason to wait."));
        });
    }

    /**
     * The statement with the values of a run. One that is only a setting may be younger than what is frozen into the run.
     *
     * @throws ProblemException when it is not there, or wants values that the run does not have
     */
    public static BoundSql bound(String id, Home home, Statements frozen, Map<String, SqlValue> values) {
        Statement statement = frozen.find(id)
                .or(() -> Statements.read(home.mappers(), new Problems()).find(id))
                .orElseThrow(() -> unfit(
                        "there is no statement \"" + id + "\" in mappers/", new Choices(frozen.ids()).advice(id)));
        if (statement.kind() != Statement.Kind.SELECT) {
            throw unfit(id + " is no <select>", "Name a <select>: each of its rows is a reason to wait.");
        }
        try {
            return statement.bind(values);
        } catch (IllegalArgumentException missing) {
            throw unfit(
                    String.valueOf(missing.getMessage()),
                    "A check for all jobs can use now, asOf and run; see docs/holds.md.");
        }
    }

    private static ProblemException unfit(String what, String fix) {
        return new ProblemException(ExitCode.USAGE, "nightshift.health.check", what, fix);
    }
}
