package io.nightshift.run;

import io.nightshift.chunk.SqlState;
import io.nightshift.problem.ExitCode;
import io.nightshift.problem.Problem;
import io.nightshift.problem.ProblemException;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.TransactionSystemException;

/** Finds among wrapped exceptions the one that says what happened, and words it. */
final class Failures {

    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

    private Failures() {}

    static Problem of(List<Throwable> failures, String where, long run) {
        for (Throwable failure : failures) {
            Optional<Problem> known = known(failure, where, run);
            if (known.isPresent()) {
                return known.get();
            }
        }
        failures.forEach(failure -> LOG.error("{}: no words for this failure", where, failure));
        String what = failures.isEmpty() ? "it failed without saying why" : String.valueOf(failures.get(0));
        return new Problem(where, what, "This is a bug in Nightshift. The log file has more.");
    }

    /** A step may end for a reason that is no failure of its work: wrong content (2), a refusal (3). */
    static ExitCode exit(List<Throwable> failures) {
        for (Throwable failure : failures) {
            for (Throwable cause = failure; cause != null; cause = behind(cause)) {
                if (cause instanceof ProblemException problem) {
                    return problem.exit();
                }
            }
        }
        return ExitCode.FAILED;
    }

    /** The failure of PostgreSQL among these that may pass by itself, if there is one. */
    static Optional<SQLException> passing(List<Throwable> failures) {
        for (Throwable failure : failures) {
            for (Throwable cause = failure; cause != null; cause = behind(cause)) {
                if (cause instanceof ProblemException) {
                    break;
                }
                if (cause instanceof SQLException sql && SqlState.passes(sql)) {
                    return Optional.of(sql);
                }
            }
        }
        return Optional.empty();
    }

    /** A rollback that fails as well, because the connection is gone, would hide why it was needed. */
    private static @Nullable Throwable behind(Throwable failure) {
        return failure instanceof TransactionSystemException rollback && rollback.getApplicationException() != null
                ? rollback.getApplicationException()
                : failure.getCause();
    }

    private static Optional<Problem> known(Throwable failure, String where, long run) {
        String resume = "What was committed stays. When it is mended: nightshift resume " + run;
        for (Throwable cause = failure; cause != null; cause = behind(cause)) {
            if (cause instanceof ProblemException problem && !problem.problems().isEmpty()) {
                return Optional.of(problem.problems().get(0));
            }
            if (cause instanceof SQLException sql) {
                return Optional.of(new Problem(where, SqlState.words(sql), resume));
            }
            if (cause instanceof IOException io) {
                return Optional.of(new Problem(where, io.getClass().getSimpleName() + ": " + io.getMessage(), resume));
            }
        }
        return Optional.empty();
    }
}
