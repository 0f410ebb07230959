package io.nightshift.cli;

import io.nightshift.cli.invocation.Invocation;
import io.nightshift.cli.terminal.Figures;
import io.nightshift.cli.terminal.Json;
import io.nightshift.content.Home;
import io.nightshift.content.Settings;
import io.nightshift.database.Database;
import io.nightshift.job.file.JobFiles;
import io.nightshift.migrate.Migrations;
import io.nightshift.problem.ExitCode;
import io.nightshift.problem.Problem;
import io.nightshift.problem.ProblemException;
import io.nightshift.problem.Problems;
import io.nightshift.run.plan.Checks;
import io.nightshift.schedule.Schedules;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "check",
        description = {
            "Finds every problem in jobs/, mappers/ and config/ at once, and lets PostgreSQL read every statement."
                    + " Changes nothing.",
            ""
        })
final class CheckCommand implements Callable<Integer> {

    private static final String NO_DATABASE =
            "The statements were not tried: this home has no database yet. Make it, and check again: nightshift migrate"
                    + " up";

    private final Invocation invocation;

    @Parameters(arity = "0..*", paramLabel = "JOB", description = "Only these jobs; otherwise all.")
    private List<String> jobs = new ArrayList<>();

    @Option(names = "--files-only", description = "Look at the files only, without the database.")
    private boolean filesOnly;

    CheckCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    /** What was looked at without finding a problem. */
    private record Clean(Collection<String> jobs, List<Problem> warnings, List<String> notes) {}

    @Override
    public Integer call() {
        Home home = invocation.home();
        Settings.of(home);
        Checks checks = new Checks(home);
        Collection<String> names = jobs.isEmpty() ? checks.jobs() : jobs;
        refuse(checks.content(names));
        Clean clean = look(checks, names, home);
        invocation.warn(invocation.json() ? List.of() : clean.warnings());
        invocation.answer(() -> document(clean), () -> text(clean));
        return ExitCode.DONE.code();
    }

    private Clean look(Checks checks, Collection<String> names, Home home) {
        if (filesOnly) {
            return new Clean(names, List.of(), List.of());
        }
        return invocation.hasDatabase(home)
                ? invocation.looking(home, database -> onDatabase(checks, names, home, database))
                : new Clean(names, List.of(), List.of(NO_DATABASE));
    }

    private static Clean onDatabase(Checks checks, Collection<String> names, Home home, Database database) {
        if (Migrations.pending(database, home)) {
            // PostgreSQL would complain of every table that is not there yet.
            throw new ProblemException(
                    ExitCode.USAGE,
                    database.description(),
                    "the files are in order, and the schema is not migrated: the statements could not be tried",
                    "Migrate it: nightshift migrate up. Or look at the files only: nightshift check --files-only");
        }
        refuse(checks.statements(names, database));
        List<Problem> warnings = new ArrayList<>(database.warnings());
        Schedules.tightPool(JobFiles.read(home.jobs(), new Problems()), Settings.of(home), database.poolSize())
                .ifPresent(warnings::add);
        return new Clean(names, warnings, checks.unexplained());
    }

    private static void refuse(List<Problem> problems) {
        if (!problems.isEmpty()) {
            throw new ProblemException(ExitCode.USAGE, problems, null);
        }
    }

    private static Map<String, Object> document(Clean clean) {
        return Json.document(
                "exit",
                0,
                "jobs",
                clean.jobs(),
                "problems",
                List.of(),
                "warnings",
                clean.warnings(),
                "notes",
                clean.notes());
    }

    private static String text(Clean clean) {
        List<String> lines = new ArrayList<>(clean.notes());
        lines.add(Figures.count(clean.jobs().size(), "job") + " checked, no problem found.");
        return String.join(System.lineSeparator(), lines);
    }
}
