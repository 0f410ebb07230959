package io.nightshift.cli;

import io.nightshift.cli.invocation.Durations;
import io.nightshift.cli.invocation.Invocation;
import io.nightshift.cli.invocation.TellProblems;
import io.nightshift.problem.ExitCode;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Constructor;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;

/** The command line as a whole: arguments in, words on the terminal and an exit code out. */
public final class Program {

    private static final Map<String, String> EXIT_CODES = exitCodes();
    private static final int HELP_WIDTH = 100;

    private Program() {}

    /** Does what the arguments say, on this process' own streams. */
    public static int run(String... arguments) {
        if (Boolean.getBoolean("nightshift.training")) {
            Training.run();
            return ExitCode.DONE.code();
        }
        // UTF-8 whatever the locale: names and values are the database's, and a C locale would turn them to "?".
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        return run(out, err, arguments);
    }

    static int run(PrintStream out, PrintStream err, String... arguments) {
        Invocation invocation = new Invocation(List.of(arguments), out, err);
        TellProblems problems = new TellProblems(invocation, out);
        CommandLine commands = commands(invocation)
                .setOut(new java.io.PrintWriter(out, true))
                .setErr(new java.io.PrintWriter(err, true))
                .setParameterExceptionHandler((unfit, typed) -> problems.tell(unfit))
                .setExecutionExceptionHandler((failure, command, result) -> problems.tell(failure));
        return commands.execute(arguments);
    }

    static CommandLine commands(Invocation invocation) {
        CommandLine commands = new CommandLine(new NightshiftCommand(invocation), new Factory(invocation))
                .setUsageHelpWidth(HELP_WIDTH)
                // A value is a value: no file is read because it begins with "@".
                .setExpandAtFiles(false)
                .registerConverter(java.time.Duration.class, new Durations());
        describeExitCodes(commands);
        // Its words are psql's: nightshift db psql -c 'SELECT 1'.
        commands.getSubcommands()
                .get("db")
                .getSubcommands()
                .get("psql")
                .setUnmatchedOptionsArePositionalParams(true)
                .setStopAtPositional(true);
        return commands;
    }

    private static void describeExitCodes(CommandLine command) {
        command.getCommandSpec()
                .usageMessage()
                .exitCodeListHeading("%nExit codes:%n")
                .exitCodeList(EXIT_CODES);
        command.getSubcommands().values().forEach(Program::describeExitCodes);
    }

    private static Map<String, String> exitCodes() {
        Map<ExitCode, String> words = new LinkedHashMap<>();
        words.put(ExitCode.DONE, "done; rejects under the limit included, unless --strict");
        words.put(
                ExitCode.FAILED,
                "the run failed, a limit was exceeded, a proof does not hold, or the database cannot be used");
        words.put(ExitCode.USAGE, "usage, parameters, content, or a schema that is not migrated");
        words.put(ExitCode.REFUSED, "refused by a guard");
        words.put(ExitCode.ALREADY_RUNNING, "somebody else runs it already");
        words.put(ExitCode.STOPPED, "stopped before the end; it can be resumed");
        Map<String, String> codes = new LinkedHashMap<>();
        words.forEach((code, text) -> codes.put(" " + code.code(), text));
        return codes;
    }

    /** Gives every command the invocation it belongs to. */
    private record Factory(Invocation invocation) implements CommandLine.IFactory {

        @Override
        public <K> K create(Class<K> type) throws Exception {
            for (Constructor<?> constructor : type.getDeclaredConstructors()) {
                if (List.of(constructor.getParameterTypes()).equals(List.of(Invocation.class))) {
                    return type.cast(constructor.newInstance(invocation));
                }
            }
            return CommandLine.defaultFactory().create(type);
        }
    }
}
