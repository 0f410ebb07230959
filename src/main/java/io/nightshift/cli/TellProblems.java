package io.nightshift.cli;

import io.nightshift.cli.terminal.Json;
import io.nightshift.problem.Choices;
import io.nightshift.problem.ExitCode;
import io.nightshift.problem.Problem;
import io.nightshift.problem.ProblemException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The one place where what went wrong becomes words and an exit code. */
final class TellProblems {

    private final Invocation invocation;
    private final PrintStream out;

    TellProblems(Invocation invocation, PrintStream out) {
        this.invocation = invocation;
        this.out = out;
    }

    /** Tells it on stderr, or as a document on stdout, and returns the code to end with. */
    int tell(Exception failure) {
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

    static Map<String, Object> document(ExitCode exit, List<Problem> problems) {
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
        String command = unfit.getCommandLine().getCommandSpec().qualifiedName();
        String help = "See: " + command + " --help";
        Set<String> subcommands = unfit.getCommandLine().getSubcommands().keySet();
        if (!subcommands.isEmpty() && !(unfit instanceof UnmatchedArgumentException)) {
            String commands = "Known are: " + String.join(", ", subcommands) + ".";
            return List.of(new Problem(command, "no command was given", commands + " " + help));
        }
        if (!(unfit instanceof UnmatchedArgumentException unmatched)) {
            return List.of(new Problem(command, String.valueOf(unfit.getMessage()), help));
        }
        List<Problem> problems = new ArrayList<>();
        for (String word : unmatched.getUnmatched()) {
            problems.add(unmatched(command, word, unmatched.getCommandLine(), help));
        }
        return problems;
    }

    private static Problem unmatched(String command, String word, CommandLine at, String help) {
        boolean option = word.startsWith("-");
        boolean group = !at.getSubcommands().isEmpty();
        String name = option ? word.replaceFirst("=.*", "") : word;
        Choices choices = new Choices(
                option
                        ? at.getCommandSpec().optionsMap().keySet()
                        : at.getSubcommands().keySet());
        String what = "\"" + name + "\" is no " + (option ? "option" : group ? "command" : "argument") + " of it";
        String meant = option
                ? choices.nearest(name)
                        .map(near -> "Did you mean \"" + near + "\"?")
                        .orElse("")
                : group ? choices.advice(name) : "";
        return new Problem(command, what, meant.isEmpty() ? help : meant + " " + help);
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
            LoggerFactory.getLogger(Program.class).error("Unexpected", failure);
            return Optional.of(file);
        } catch (RuntimeException noPlace) {
            return Optional.empty();
        }
    }
}
