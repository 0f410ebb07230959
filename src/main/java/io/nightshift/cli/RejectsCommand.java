package io.nightshift.cli;

import io.nightshift.database.Database;
import io.nightshift.problem.ExitCode;
import io.nightshift.run.RejectHistory;
import io.nightshift.run.RejectHistory.Reject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "rejects",
        description =
                "Shows the rows that a run did not apply, grouped by cause; those of the runs that its steps began too.")
final class RejectsCommand implements Callable<Integer> {

    private final Invocation invocation;

    @Parameters(paramLabel = "RUN", description = "The number of the run.")
    private long run;

    @Option(names = "--csv", description = "Every reject as a line of CSV, with the record as it came.")
    private boolean csv;

    @Option(
            names = "--examples",
            paramLabel = "N",
            defaultValue = "3",
            description = "How many of each cause; default ${DEFAULT-VALUE}.")
    private int examples;

    RejectsCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        invocation.looking(
                invocation.home(), database -> csv && !invocation.json() ? lines(database) : groups(database));
        return ExitCode.DONE.code();
    }

    private int groups(Database database) {
        Past.run(database, run);
        RejectsAnswer answer = new RejectsAnswer(run, new RejectHistory(database).groups(run, Math.max(1, examples)));
        invocation.answer(answer::document, answer::text);
        return answer.groups().size();
    }

    private int lines(Database database) {
        Past.run(database, run);
        invocation.say("run,job,step,place,sqlstate,constraint,column,reason,message,state,raw");
        new RejectHistory(database).each(run, reject -> invocation.say(line(reject)));
        return 0;
    }

    private static String line(Reject reject) {
        return Stream.of(
                        Long.toString(reject.run()),
                        reject.job(),
                        reject.step(),
                        reject.place(),
                        reject.cause().sqlstate(),
                        reject.cause().constraint().orElse(""),
                        reject.cause().column().orElse(""),
                        reject.cause().reason().orElse(""),
                        reject.message(),
                        reject.state(),
                        reject.raw()
                                .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                                .orElse(""))
                .map(RejectsCommand::quoted)
                .collect(Collectors.joining(","));
    }

    private static String quoted(String text) {
        boolean plain = List.of(",", "\"", "\n", "\r").stream().noneMatch(text::contains);
        return plain ? text : "\"" + text.replace("\"", "\"\"") + "\"";
    }
}
