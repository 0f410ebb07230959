package io.nightshift.run.plan;

import io.nightshift.content.Home;
import io.nightshift.database.Database;
import io.nightshift.job.JobDefinition;
import io.nightshift.job.ParameterValues;
import io.nightshift.job.StepDefinition;
import io.nightshift.job.file.JobFile;
import io.nightshift.problem.ExitCode;
import io.nightshift.problem.Problem;
import io.nightshift.problem.ProblemException;
import io.nightshift.problem.Problems;
import io.nightshift.run.work.Catalog;
import io.nightshift.run.work.Conditions;
import io.nightshift.run.work.StartRequest;
import io.nightshift.run.work.WithoutAttempt;
import io.nightshift.run.work.Work;
import io.nightshift.step.StepContext;
import io.nightshift.step.StepKinds;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

/** A job as it would run now, and nothing wrong with it: what planning and rehearsing begin with. */
record Preview(Database database, WithoutAttempt surroundings, StepContext.Frozen frozen) {

    /** @throws ProblemException with everything that is wrong with the job, its parameters or its input */
    static Preview of(StartRequest request, Home home, Database database, StepKinds kinds) {
        Problems problems = new Problems();
        Catalog catalog = Catalog.of(home, kinds, problems);
        JobFile file = catalog.job(request.job());
        catalog.throwIfAny(request.job(), problems);
        problems = new Problems();
        ParameterValues values = file.values(request.arguments(), request.directory(), problems);
        problems.throwIfAny(ExitCode.USAGE);
        JobDefinition job = file.define(values, problems);
        problems.throwIfAny(ExitCode.USAGE);
        catalog.check(job, problems);
        kinds.checkInput(job.steps(), home, problems);
        problems.throwIfAny(ExitCode.USAGE);
        Work.refuseListUnlessKeyed(job, request.listed());
        Work work = new Work(file, job, values, "", request.listed());
        Instant now = Instant.now();
        return new Preview(
                database,
                new WithoutAttempt(home, database, catalog, work),
                new StepContext.Frozen(now, request.slot().orElse(now)));
    }

    Work work() {
        return surroundings.work();
    }

    /** It belongs to no run yet, so that its numbers are 0. */
    StepContext context(StepDefinition step) {
        return surroundings.context(work().assignment(database.schema(), step.name(), 0, 0, 0), frozen);
    }

    /** The conditions before the job that do not hold now. */
    List<Problem> broken(Connection connection, String fix) throws SQLException {
        return new Conditions(surroundings.catalog().statements(), work().sqlValues(0, frozen.now(), frozen.asOf()))
                .broken(connection, work().definition().options().conditions().before(), fix);
    }
}
