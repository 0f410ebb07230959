package io.nightshift.run;

import io.nightshift.problem.Problem;
import io.nightshift.problem.ProblemException;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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

    private static Optional<Problem> known(Throwable failure, String where, long run) {
        String resume = "What was committed stays. When it is mended: nightshift resume " + run;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ProblemException problem && !problem.problems().isEmpty()) {
                return Optional.of(problem.problems().get(0));
            }
            if (cause instanceof SQLException sql) {
                return Optional.of(new Problem(where, words(sql), resume));
            }
            if (cause instanceof IOException io) {
                return Optional.of(new Problem(where, io.getClass().getSimpleName() + ": " + io.getMessage(), resume));
            }
        }
        return Optional.empty();
    }

    /** PostgreSQL's message in one line, with its SQLSTATE. */
    static String words(SQLException failure) {
        String message = String.valueOf(failure.getMessage())
                .replaceAll("\\s*\\R\\s*", "; ")
                .replaceFirst("^ERROR: ", "");
        return failure.getSQLState() == null ? message : message + " (SQLSTATE " + failure.getSQLState() + ")";
    }
}
