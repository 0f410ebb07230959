package io.nightshift.cli.invocation;

import io.nightshift.problem.ExitCode;
import io.nightshift.problem.Problems;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The {@code name=value} words behind a job's name. */
public final class Arguments {

    private Arguments() {}

    /** By name, several values where a name was given several times. Whether they fit is the job's to say. */
    public static Map<String, List<String>> read(String job, List<String> words) {
        Problems problems = new Problems();
        Map<String, List<String>> arguments = new LinkedHashMap<>();
        for (String word : words) {
            int equals = word.indexOf('=');
            if (equals < 1) {
                problems.add(
                        "job " + job,
                        "\"" + word + "\" is no parameter",
                        "Write name=value, without blanks. The parameters of the job stand in jobs/" + job + ".yml.");
            } else {
                arguments
                        .computeIfAbsent(word.substring(0, equals), name -> new ArrayList<>())
                        .add(word.substring(equals + 1));
            }
        }
        problems.throwIfAny(ExitCode.USAGE);
        return arguments;
    }
}
