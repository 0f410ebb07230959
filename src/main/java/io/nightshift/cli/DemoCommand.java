package io.nightshift.cli;

import io.nightshift.cli.answer.RejectsAnswer;
import io.nightshift.cli.answer.RunAnswer;
import io.nightshift.cli.invocation.AttendedRun;
import io.nightshift.cli.invocation.Invocation;
import io.nightshift.cli.terminal.Figures;
import io.nightshift.cli.terminal.Json;
import io.nightshift.content.Home;
import io.nightshift.database.Database;
import io.nightshift.migrate.MigrationStatus;
import io.nightshift.migrate.Migrations;
import io.nightshift.problem.ExitCode;
import io.nightshift.run.books.RunResult;
import io.nightshift.run.history.RejectHistory;
import io.nightshift.run.work.StartRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(
        name = "demo",
        description = {
            "Shows a night from an empty directory: a database appears, the schema is migrated, rows are made, and the"
                    + " nightly job works on them.",
            "",
            "It always works on the embedded PostgreSQL of the home, whatever database is configured.",
            ""
        })
final class DemoCommand implements Callable<Integer> {

    private static final List<String> NIGHT = List.of("sample-data", "nightly");

    /** The one of its reports that shows the most on a fresh database. */
    private static final String REPORT = "task-flow.html";

    private final Invocation invocation;

    DemoCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    /** What has been done so far; the last answer says how it ended. */
    private record Night(List<MigrationStatus> applied, List<RunAnswer> runs, List<RejectHistory.Group> rejects) {

        RunAnswer last() {
            return runs.get(runs.size() - 1);
        }

        boolean done() {
            return last().exit() == ExitCode.DONE;
        }

        Optional<Path> report() {
            return last().result().files().stream()
                    .filter(file -> file.endsWith(REPORT))
                    .findFirst()
                    .map(Path::of);
        }
    }

    @Override
    public Integer call() {
        // Above the file and the environment: a demonstration touches no database but its own.
        System.setProperty("nightshift.database.embedded", "true");
        Home home = invocation.anyHome();
        Night night = invocation.writing(home, database -> night(home, database));
        if (invocation.json()) {
            invocation.answer(() -> document(night), () -> "");
        } else {
            epilogue(night);
        }
        return night.last().exit().code();
    }

    private Night night(Home home, Database database) {
        invocation.say("The database: " + database.description() + ", in " + home.state() + ".");
        List<MigrationStatus> applied = Migrations.up(database, home);
        invocation.say(
                applied.isEmpty()
                        ? "The schema: every migration is applied already."
                        : "The schema: " + Figures.count(applied.size(), "migration") + " applied, the last is "
                                + applied.get(applied.size() - 1).where() + ".");
        Night night = new Night(applied, new ArrayList<>(), new ArrayList<>());
        for (String job : NIGHT) {
            invocation.say("");
            invocation.say("nightshift run " + job);
            RunAnswer answer = run(home, database, job);
            night.runs().add(answer);
            invocation.say(answer.text());
            if (!night.done()) {
                return night;
            }
        }
        night.rejects()
                .addAll(new RejectHistory(database).groups(night.last().result().run(), 2));
        return night;
    }

    private RunAnswer run(Home home, Database database, String job) {
        StartRequest request = new StartRequest(
                job, Map.of(), false, Optional.empty(), home.root(), Optional.empty(), invocation.who());
        RunResult result =
                new AttendedRun(invocation, home).on(database, (engine, progress) -> engine.run(request, progress));
        return RunAnswer.of(result, database, false);
    }

    private void epilogue(Night night) {
        if (!night.done()) {
            return;
        }
        long run = night.last().result().run();
        if (!night.rejects().isEmpty()) {
            invocation.say("");
            invocation.say("nightshift rejects " + run);
            invocation.say(RejectsAnswer.text(night.rejects()));
        }
        night.report().ifPresent(report -> {
            invocation.say("");
            invocation.say("The report: " + report);
            invocation.say("  Open it in a browser: " + report.toUri());
        });
        invocation.say("The night in detail: nightshift show " + run + ", nightshift history, nightshift db psql");
    }

    private static Map<String, Object> document(Night night) {
        return Json.document(
                "exit", night.last().exit().code(),
                "migrations", night.applied().size(),
                "runs", Json.list(night.runs(), RunAnswer::document),
                "rejects", RejectsAnswer.objects(night.rejects()),
                "report", night.report().map(Path::toString));
    }
}
