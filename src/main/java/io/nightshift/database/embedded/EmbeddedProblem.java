package io.nightshift.database.embedded;

import io.nightshift.problem.ExitCode;
import io.nightshift.problem.ProblemException;
import java.nio.file.Path;

/** What goes wrong with a server of our own always has a file or directory as its place, and ends the command. */
final class EmbeddedProblem {

    static final String ELSEWHERE = "Or use a server of your own: set nightshift.database.url.";

    private EmbeddedProblem() {}

    static ProblemException at(Path where, String what, String fix) {
        return new ProblemException(ExitCode.FAILED, where.toString(), what, fix);
    }
}
