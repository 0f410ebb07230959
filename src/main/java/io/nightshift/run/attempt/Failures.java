package io.nightshift.run.attempt;

import io.nightshift.chunk.SqlState;
import io.nightshift.job.StepDefinition;
import io.nightshift.problem.ExitCode;
import io.nightshift.problem.Problem;
import io.nightshift.problem.ProblemException;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.TransactionSystemException;

/** Finds among wrapped exceptions the one that says what happened, and words it. */
final class Failures {

    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

    private static final String NOT_ALLOWED = "42501";

    /** Classes of SQLSTATE that are about a statement or its data, and not about the server. */
    private static final Set<String> OF_THE_WORK =
            Set.of("0A", "20", "21", "22", "23", "25", "2D", "2F", "38", "39", "42", "44", "54", "P0");

    private final long run;
    private final String job;
    private final Optional<String> step;

    Failures(long run, String job) {
        this(run, job, Optional.empty());
    }

    private Failures(long run, String job, Optional<String> step) {
        this.run = run;
        this.job = job;
        this.step = step;
    }

    /** The same for what PostgreSQL said to one step. */
    Failures in(StepDefinition definition) {
        return new Failures(run, job, Optional.of(definition.where()));
    }

    /** What to tell of the failures of one step, or of a run as a whole. */
    List<Problem> of(List<Throwable> failures) {
        for (Throwable failure : failures) {
            List<Problem> known = known(failure);
            if (!known.isEmpty()) {
                return known;
            }
        }
        failures.forEach(failure -> LOG.error("{}: no words for this failure", where(), failure));
        String what = failures.isEmpty() ? "it failed without saying why" : String.valueOf(failures.get(0));
        return List.of(new Problem(where(), what, "This is a bug in Nightshift. The log file has more."));
    }

    /** A full disk or a lost connection is no matter of the step in which it was met. */
    private String place(String state) {
        boolean work = state.length() == 5 && OF_THE_WORK.contains(state.substring(0, 2));
        return work ? step.orElseGet(this::where) : where();
    }

    private String where() {
        return "Run %d of %s".formatted(run, job);
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
        return sql(failures).filter(SqlState::passes).findFirst();
    }

    /** Whether PostgreSQL has not understood a statement. */
    static boolean misunderstood(List<Throwable> failures) {
        return sql(failures).findFirst().filter(SqlState::misunderstood).isPresent();
    }

    /** What PostgreSQL said, unless somebody has put it into words already. */
    private static Stream<SQLException> sql(List<Throwable> failures) {
        return failures.stream()
                .flatMap(failure -> Stream.iterate(failure, Objects::nonNull, Failures::behind)
                        .takeWhile(cause -> !(cause instanceof ProblemException)))
                .filter(SQLException.class::isInstance)
                .map(SQLException.class::cast);
    }

    /** A rollback that fails as well, because the connection is gone, would hide why it was needed. */
    private static @Nullable Throwable behind(Throwable failure) {
        return failure instanceof TransactionSystemException rollback && rollback.getApplicationException() != null
                ? rollback.getApplicationException()
                : failure.getCause();
    }

    private List<Problem> known(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = behind(cause)) {
            if (cause instanceof ProblemException problem && !problem.problems().isEmpty()) {
                return problem.problems();
            }
            if (cause instanceof SQLException sql) {
                String state = String.valueOf(sql.getSQLState());
                return List.of(new Problem(place(state), SqlState.words(sql), advice(state)));
            }
            if (cause instanceof IOException io) {
                return List.of(new Problem(
                        where(),
                        io.getClass().getSimpleName() + ": " + io.getMessage(),
                        "What was committed stays. When it is mended: nightshift resume " + run));
            }
        }
        return List.of();
    }

    /** A run that is continued goes on with the job file and the statements that were frozen into it. */
    private String advice(String state) {
        String resume = "nightshift resume " + run;
        String anew = "nightshift run " + job + " --new";
        if (state.equals(NOT_ALLOWED)) {
            return "What was committed stays. Give the role the right, and go on: %s".formatted(resume);
        }
        if (state.equals("57014")) {
            return "What was committed stays. Go on when the database is quieter: %s. For a longer statement-timeout or a smaller chunk in the job file: %s"
                    .formatted(resume, anew);
        }
        return switch (state.length() == 5 ? state.substring(0, 2) : "") {
            // A continued run has the statement that was wrong.
            case "42", "0A" ->
                "What was committed stays. Mend the statement and start anew: %s. If it was the schema that was wrong: %s"
                        .formatted(anew, resume);
            case "20", "21", "22", "23", "2F", "38", "39", "44", "P0" ->
                "What was committed stays. When the data is mended: %s. After a change of the statement or the job file: %s"
                        .formatted(resume, anew);
            default -> "What was committed stays. When it is mended: %s".formatted(resume);
        };
    }
}
