package io.nightshift.cli;

import io.nightshift.cli.answer.RehearseAnswer;
import io.nightshift.cli.invocation.ChosenJob;
import io.nightshift.cli.invocation.Invocation;
import io.nightshift.content.Home;
import io.nightshift.content.Settings;
import io.nightshift.database.Database;
import io.nightshift.migrate.Migrations;
import io.nightshift.problem.ExitCode;
import io.nightshift.problem.ProblemException;
import io.nightshift.run.plan.Rehearser;
import io.nightshift.run.work.StartRequest;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "rehearse",
        description = {
            "Does some chunks of a job for real, each in a transaction that is rolled back, and shows rows, WAL, triggers,"
                    + " plans, and a few rows before and after.",
            "",
            "It ends with 1 when a statement reads a large table from one end to the other"
                    + " (nightshift.rehearse.scanned), takes longer than the job's statement-timeout"
                    + " (nightshift.rehearse.statement-limit where it has none), or is refused by PostgreSQL.",
            "",
            "It leaves no run, no row and no file. What a rolled-back change costs, it costs: dead row versions that vacuum"
                    + " has to remove, WAL that replicas receive, locks on the rows of a chunk while it lasts, and"
                    + " numbers that sequences gave. What triggers and functions do outside of the transaction (messages to"
                    + " other systems) is not taken back.",
            "",
            "A step does not see what an earlier one would have changed.",
            ""
        })
final class RehearseCommand implements Callable<Integer> {

    private final Invocation invocation;

    @Mixin
    private final ChosenJob chosen = new ChosenJob();

    @Option(
            names = "--chunks",
            paramLabel = "N",
            defaultValue = "3",
            description = "How many chunks of each step, spread over its range; default ${DEFAULT-VALUE}.")
    private int chunks;

    RehearseCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        Home home = invocation.home();
        StartRequest request = chosen.request(invocation);
        RehearseAnswer answer = invocation.trying(home, database -> rehearse(home, request, database));
        invocation.answer(answer::document, answer::text);
        return answer.exit().code();
    }

    private RehearseAnswer rehearse(Home home, StartRequest request, Database database) {
        if (Migrations.pending(database, home)) {
            throw new ProblemException(
                    ExitCode.USAGE,
                    database.description(),
                    "migrations of this home are not applied yet, and a rehearsal applies none",
                    "Look at them with: nightshift migrate status. Apply them with: nightshift migrate up");
        }
        int most = Math.max(1, Math.min(chunks, 100));
        return new RehearseAnswer(
                request.job(), new Rehearser(home, Settings.of(home), database).rehearse(request, most));
    }
}
