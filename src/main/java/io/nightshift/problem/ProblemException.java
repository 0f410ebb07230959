package io.nightshift.problem;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Ends a command: carries what to print and the exit code. Nobody but the command line prints it. */
public final class ProblemException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final ExitCode exit;
    private final transient List<Problem> problems;

    public ProblemException(ExitCode exit, List<Problem> problems, @Nullable Throwable cause) {
        super(problems.stream().map(Problem::text).collect(Collectors.joining(System.lineSeparator())), cause);
        this.exit = exit;
        this.problems = List.copyOf(problems);
    }

    public ProblemException(ExitCode exit, String where, String what, String fix) {
        this(exit, List.of(new Problem(where, what, fix)), null);
    }

    public ExitCode exit() {
        return exit;
    }

    public List<Problem> problems() {
        return problems;
    }
}
