package io.nightshift.cli.invocation;

import io.nightshift.cli.terminal.Json;
import io.nightshift.problem.Choices;
import io.nightshift.problem.ExitCode;
import io.nightshift.problem.Problem;
import io.nightshift.problem.ProblemException;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The one place where what went wrong becomes words and an exit code. */
public final class TellProblems {

    private final Invocation invocation;
    private final PrintStream out;

    public TellProblems(Invocation invocation, PrintStream out) {
        this.invocation = invocation;
        this.out = out;
    }

    /** Tells it on stderr, or as a document on stdout, and returns the code to end with. */
    public int tell(Exception failure) {
        ProblemException known = known(failure);
        if (invocation.debug()) {
            failure.printStackTrace(invocation.err());
        }
        if (invocation.json()) {
            out.println(Json.write(document(known.exit(), known.problems())));
        } else {
            known.problems().forEach(problem -> invocation.err().println(problem.text()));
        }
        return known.exit().code();
    }

    private static Map<String, Object> document(ExitCode exit, List<Problem> problems) {
        return Json.document("exit", exit.code(), "problems", problems);
    }

    private ProblemException known(Exception failure) {
        if (failure instanceof ProblemException problem) {
            return problem;
        }
        if (failure instanceof ParameterException unfit) {
            return new ProblemException(ExitCode.USAGE, usage(unfit), unfit);
        }
        return bug(failure);
    }

    private static List<Problem> usage(ParameterException unfit) {
        CommandLine at = unfit.getCommandLine();
        String command = at.getCommandSpec().qualifiedName();
        String help = "See: " + command + " --help";
        if (unfit instanceof UnmatchedArgumentException unmatched) {
            List<String> words = unmatched.getUnmatched();
            // What stands behind a command that does not exist belongs to it and says nothing by itself.
            return words.subList(0, at.getSubcommands().isEmpty() ? words.size() : 1).stream()
                    .map(word -> unmatched(command, word, at, help))
                    .toList();
        }
        if (!at.getSubcommands().isEmpty() && unfit.getArgSpec() == null) {
            String commands =
                    "Known are: " + String.join(", ", at.getSubcommands().keySet()) + ".";
            return List.of(new Problem(command, "no command was given", commands + " " + help));
        }
        if (unfit instanceof MissingParameterException missing) {
            return missing.getMissing().stream()
                    .map(argument -> missing(command, argument, help))
                    .toList();
        }
        return List.of(unfit(command, unfit, help));
    }

    private static Problem missing(String command, ArgSpec argument, String help) {
        String needs = argument instanceof OptionSpec option
                ? "\"" + option.longestName() + "\" needs " + option.paramLabel() + " behind it"
                : "needs " + argument.paramLabel();
        return new Problem(command, needs, meaning(argument) + help);
    }

    private static Problem unfit(String command, ParameterException unfit, String help) {
        ArgSpec argument = unfit.getArgSpec();
        boolean number = argument != null && Set.of(long.class, int.class).contains(argument.type());
        return number && unfit.getValue() != null
                ? new Problem(command, "\"" + unfit.getValue() + "\" is no number", meaning(argument) + help)
                : new Problem(command, String.valueOf(unfit.getMessage()), help);
    }

    /** What has to stand there, in the words of the help: {@code RUN: the number of the run.} */
    private static String meaning(ArgSpec argument) {
        String description = String.join(" ", argument.description());
        return description.isEmpty()
                ? ""
                : argument.paramLabel() + ": " + description.substring(0, 1).toLowerCase(Locale.ROOT)
                        + description.substring(1) + " ";
    }

    private static Problem unmatched(String command, String word, CommandLine at, String help) {
        if (word.startsWith("-")) {
            String name = word.replaceFirst("=.*", "");
            return new Problem(command, "\"" + name + "\" is no option of it", option(word, name, at) + help);
        }
        boolean group = !at.getSubcommands().isEmpty();
        String what = "\"" + word + "\" is no " + (group ? "command" : "argument") + " of it";
        return new Problem(
                command, what, group ? new Choices(at.getSubcommands().keySet()).advice(word) + " " + help : help);
    }

    private static String option(String word, String name, CommandLine at) {
        boolean takesParameters = at.getCommandSpec().positionalParameters().stream()
                .anyMatch(words -> words.paramLabel().equals("name=value"));
        return new Choices(at.getCommandSpec().optionsMap().keySet())
                .nearest(name)
                .map(near -> "Did you mean \"" + near + "\"? ")
                .orElseGet(() ->
                        takesParameters ? "A parameter is written without dashes: " + parameter(word) + ". " : "");
    }

    private static String parameter(String word) {
        String bare = word.replaceFirst("^-+", "");
        return bare.contains("=") ? bare : bare + "=VALUE";
    }

    private ProblemException bug(Exception failure) {
        Optional<String> log = writeDown(failure);
        String name = failure.getClass().getSimpleName();
        String what = failure.getMessage() == null
                ? name
                : name + ": " + failure.getMessage().lines().findFirst().orElse("");
        return new ProblemException(
                ExitCode.FAILED,
                List.of(new Problem(
                        "nightshift",
                        what,
                        "This is a bug in Nightshift. What was committed stays. "
                                + log.map(file -> "The stack trace is in " + file + ".")
                                        .orElse("--debug shows the stack trace."))),
                failure);
    }

    /** Into the log file, as far as there is a home to have one. */
    private Optional<String> writeDown(Exception failure) {
        try {
            String file = LogFile.open(invocation.home().state()).toString();
            LoggerFactory.getLogger(TellProblems.class).error("Unexpected", failure);
            return Optional.of(file);
        } catch (RuntimeException noPlace) {
            return Optional.empty();
        }
    }
}
