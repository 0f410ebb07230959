package io.nightshift.content;

import io.nightshift.problem.ExitCode;
import io.nightshift.problem.Problem;
import io.nightshift.problem.ProblemException;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.springframework.core.NestedExceptionUtils;

/** Words for a settings file that cannot be read at all. */
final class UnreadableSettings {

    private static final String FILE = "config/application.yml";

    /** How the parser names a place; its own exception types stay out of this package. */
    private static final Pattern PLACE = Pattern.compile("([^\\n]*)\\n in [^\\n]*, line (\\d+), column \\d+:");

    private UnreadableSettings() {}

    static ProblemException asProblem(RuntimeException error) {
        String message =
                String.valueOf(NestedExceptionUtils.getMostSpecificCause(error).getMessage());
        List<MatchResult> places = PLACE.matcher(message).results().toList();
        if (places.isEmpty()) {
            return problem(
                    FILE, "cannot be read (" + message.lines().findFirst().orElse("") + ").", error);
        }
        MatchResult last = places.get(places.size() - 1);
        return problem(
                FILE + ":" + last.group(2), "is not YAML: " + last.group(1).strip() + ".", error);
    }

    private static ProblemException problem(String where, String what, RuntimeException cause) {
        Problem problem = new Problem(where, what, "Compare it with the file that nightshift init writes.");
        return new ProblemException(ExitCode.USAGE, List.of(problem), cause);
    }
}
