package io.nightshift.cli;

import io.nightshift.cli.answer.RejectLines;
import io.nightshift.cli.answer.RejectsAnswer;
import io.nightshift.cli.answer.ReplayAnswer;
import io.nightshift.cli.invocation.AttendedRun;
import io.nightshift.cli.invocation.Invocation;
import io.nightshift.cli.invocation.Past;
import io.nightshift.cli.terminal.Figures;
import io.nightshift.cli.terminal.Json;
import io.nightshift.content.Home;
import io.nightshift.database.Database;
import io.nightshift.problem.ExitCode;
import io.nightshift.problem.ProblemException;
import io.nightshift.run.RunControl;
import io.nightshift.run.history.RejectHistory;
import io.nightshift.run.replay.ReplayRequest;
import io.nightshift.run.replay.ReplayResult;
import java.util.concurrent.Callable;
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
            names = "--replay",
            description = "Try the open ones again, when their cause is mended, with the job file and statements of the"
                    + " home. Ends with 1 when one is still refused.")
    private boolean replay;

    @Option(names = "--frozen", description = "With --replay: as the run was frozen, not as the home is now.")
    private boolean frozen;

    @Option(
            names = "--overwrite",
            description = "With --replay: records may change rows that were written since they were refused.")
    private boolean overwrite;

    @Option(names = "--dismiss", description = "Nobody will try the open ones again; they count against no limit.")
    private boolean dismiss;

    @Option(names = "--reason", paramLabel = "TEXT", description = "With --dismiss: why, for whoever reads it.")
    private String reason = "dismissed by hand";

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
        refuseWhatDoesNotGoTogether();
        if (replay) {
            return replay(invocation.home());
        }
        if (dismiss) {
            return dismiss(invocation.home());
        }
        invocation.looking(
                invocation.home(), database -> csv && !invocation.json() ? lines(database) : groups(database));
        return ExitCode.DONE.code();
    }

    private void refuseWhatDoesNotGoTogether() {
        if (Stream.of(csv, replay, dismiss).filter(given -> given).count() > 1 || (frozen || overwrite) && !replay) {
            throw new ProblemException(
                    ExitCode.USAGE,
                    "nightshift rejects",
                    "--csv, --replay and --dismiss are three different things, --frozen and --overwrite belong to"
                            + " --replay",
                    "Nothing was changed. See: nightshift rejects --help");
        }
    }

    private int replay(Home home) {
        ReplayAnswer answer = invocation.writing(home, database -> {
            ReplayResult result = new AttendedRun(invocation, home)
                    .on(
                            database,
                            (engine, progress) -> engine.replay(
                                    new ReplayRequest(run, frozen, overwrite, invocation.who()), progress));
            return new ReplayAnswer(result, new RejectHistory(database).groups(run, 1));
        });
        invocation.answer(answer::document, answer::text);
        return answer.exit().code();
    }

    private int dismiss(Home home) {
        long count = invocation.noting(
                home, database -> new RunControl(database).dismissRejects(run, invocation.who(), reason));
        invocation.answer(
                () -> Json.document("run", run, "exit", 0, "dismissed", count),
                () -> "%s of run %d dismissed.".formatted(Figures.count(count, "open reject"), run));
        return ExitCode.DONE.code();
    }

    private int groups(Database database) {
        Past.run(database, run);
        RejectHistory history = new RejectHistory(database);
        RejectsAnswer answer = new RejectsAnswer(run, history.groups(run, Math.max(1, examples)), history.states(run));
        invocation.answer(answer::document, answer::text);
        return answer.groups().size();
    }

    private int lines(Database database) {
        Past.run(database, run);
        invocation.say(RejectLines.HEADER);
        new RejectHistory(database).each(run, reject -> invocation.say(RejectLines.of(reject)));
        return 0;
    }
}
