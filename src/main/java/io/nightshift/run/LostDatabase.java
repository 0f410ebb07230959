package io.nightshift.run;

import io.nightshift.database.Database;
import io.nightshift.problem.ExitCode;
import io.nightshift.problem.Problem;
import io.nightshift.problem.ProblemException;
import io.nightshift.run.books.RunRow;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** What to tell when the database went away under a run, so that not even its end could be written down. */
record LostDatabase(Database database) {

    /** What PostgreSQL or the driver said, wrapped in whatever; empty when it was something else that failed. */
    static Optional<SQLException> behind(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
                .filter(SQLException.class::isInstance)
                .map(SQLException.class::cast)
                .findFirst();
    }

    ProblemException under(RunRow run, SQLException failure) {
        Problem cause = database.problem(failure).problems().get(0);
        String start = database.embedded() ? "The next command starts the embedded server again." : cause.fix();
        return new ProblemException(
                ExitCode.FAILED,
                List.of(new Problem(
                        "Run %d of %s".formatted(run.run(), run.job()),
                        "the database was lost: %s: %s".formatted(cause.where(), cause.what()),
                        "What was committed stays, the chunk under way is rolled back. %s Then go on: nightshift resume %d"
                                .formatted(start, run.run()))),
                failure);
    }
}
