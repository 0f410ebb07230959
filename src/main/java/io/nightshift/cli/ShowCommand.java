package io.nightshift.cli;

import io.nightshift.cli.answer.ShowAnswer;
import io.nightshift.cli.invocation.Invocation;
import io.nightshift.cli.invocation.Past;
import io.nightshift.database.Database;
import io.nightshift.problem.ExitCode;
import io.nightshift.run.history.History;
import io.nightshift.run.history.RunDetails;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

@Command(name = "show", description = "Shows one run: its attempts, steps, chunks, and what happened in it.")
final class ShowCommand implements Callable<Integer> {

    private final Invocation invocation;

    @Parameters(paramLabel = "RUN", description = "The number of the run.")
    private long run;

    @Option(
            names = "--chunks",
            paramLabel = "N|all",
            defaultValue = "3",
            converter = AtEachEnd.class,
            description = "How many of a step's first and of its last chunks; default ${DEFAULT-VALUE}.")
    private int chunks;

    ShowCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        ShowAnswer answer = invocation.looking(invocation.home(), this::look);
        invocation.answer(answer::document, answer::text);
        return ExitCode.DONE.code();
    }

    private ShowAnswer look(Database database) {
        History.Run shown = Past.run(database, run);
        RunDetails details = new RunDetails(database, run);
        return new ShowAnswer(
                shown, details.attempts(), details.steps(), details.tables(), details.chunks(chunks), details.events());
    }

    /** A number, or {@code all}. */
    static final class AtEachEnd implements ITypeConverter<Integer> {

        @Override
        public Integer convert(String value) {
            if (value.equals("all")) {
                return Integer.MAX_VALUE;
            }
            if (!value.matches("\\d{1,9}")) {
                throw new TypeConversionException("\"" + value + "\" is neither a number nor \"all\"");
            }
            return Integer.valueOf(value);
        }
    }
}
