package io.nightshift.migrate;

import io.nightshift.content.ContentFile;
import io.nightshift.content.Home;
import io.nightshift.database.Database;
import io.nightshift.database.MigrationFiles;
import io.nightshift.migrate.MigrationStatus.State;
import io.nightshift.problem.ExitCode;
import io.nightshift.problem.ProblemException;
import io.nightshift.problem.Problems;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationState;
import org.flywaydb.core.api.MigrationVersion;
import org.jspecify.annotations.Nullable;

/**
 * The migrations of the user's schema: {@code migrations/V<version>__<description>.sql}, applied forward by Flyway, with
 * Flyway's usual history table in the first schema of the search path.
 */
public final class Migrations {

    private static final String HISTORY = "flyway_schema_history";
    private static final String FORWARD = "V[0-9][0-9._]*__.+\\.sql";
    private static final String BACK = "U[0-9][0-9._]*__.+\\.sql";

    private Migrations() {}

    /**
     * Every migration there is or was, in order. Changes nothing, and a role that may read the history can ask.
     *
     * @throws ProblemException when a file's name is not one that would ever be run
     */
    public static List<MigrationStatus> status(Database database, Home home) {
        return asking(database, home, Migrations::statuses);
    }

    /** The same where there is no database yet: all is pending. */
    public static List<MigrationStatus> status(Home home) {
        return forward(home).stream()
                .map(Migrations::pending)
                .sorted(Comparator.comparing(migration -> MigrationVersion.fromVersion(migration.version())))
                .toList();
    }

    private static MigrationStatus pending(ContentFile file) {
        String[] parts = name(file).replaceFirst("\\.sql$", "").split("__", 2);
        return new MigrationStatus(
                String.valueOf(MigrationVersion.fromVersion(parts[0].substring(1))),
                parts[1].replace('_', ' '),
                file.where(),
                State.PENDING,
                Optional.empty());
    }

    /** Whether there is something to apply. */
    public static boolean pending(Database database, Home home) {
        return status(database, home).stream().anyMatch(migration -> migration.state() == State.PENDING);
    }

    /**
     * Applies what is pending, each migration in a transaction of its own unless it holds a statement that cannot be in
     * one.
     *
     * @return what was applied, in order
     * @throws ProblemException naming file and line of the statement that failed and the state that the schema is in
     */
    public static List<MigrationStatus> up(Database database, Home home) {
        List<MigrationStatus> before = status(database, home);
        refuseWhatDoesNotFit(before);
        if (before.stream().noneMatch(migration -> migration.state() == State.PENDING)) {
            return List.of();
        }
        asking(database, home, Flyway::migrate);
        Map<String, State> states =
                before.stream().collect(Collectors.toMap(MigrationStatus::version, MigrationStatus::state));
        return status(database, home).stream()
                .filter(migration -> states.get(migration.version()) == State.PENDING)
                .toList();
    }

    private static <T> T asking(Database database, Home home, Function<Flyway, T> question) {
        List<ContentFile> files = forward(home);
        try {
            return question.apply(new MigrationFiles(files)
                    .over(database, database.userSchema(), HISTORY)
                    .createSchemas(false)
                    // A database that has tables already starts before the first migration.
                    .baselineOnMigrate(true)
                    .baselineVersion("0")
                    .placeholderReplacement(false)
                    .load());
        } catch (FlywayException e) {
            throw new FailedMigration(database, files).asProblem(e);
        }
    }

    private static List<ContentFile> forward(Home home) {
        Problems problems = new Problems();
        List<ContentFile> files = home.migrations();
        for (ContentFile file : files) {
            if (!name(file).matches(FORWARD) && !name(file).matches(BACK)) {
                problems.add(
                        file.where(),
                        "has no name of a migration; nothing would ever run it.",
                        "Name it V<number>__<what_it_does>.sql, or U<number>__... for the way back.");
            }
        }
        problems.throwIfAny(ExitCode.USAGE);
        return files.stream().filter(file -> name(file).matches(FORWARD)).toList();
    }

    private static String name(ContentFile file) {
        return file.where().substring(file.where().lastIndexOf('/') + 1);
    }

    private static List<MigrationStatus> statuses(Flyway flyway) {
        return Arrays.stream(flyway.info().all())
                .filter(MigrationInfo::isVersioned)
                .filter(info -> info.getState() != MigrationState.BASELINE)
                .sorted(Comparator.comparing(MigrationInfo::getVersion))
                .map(Migrations::status)
                .toList();
    }

    private static MigrationStatus status(MigrationInfo info) {
        return new MigrationStatus(
                String.valueOf(info.getVersion()),
                info.getDescription(),
                Optional.ofNullable(info.getPhysicalLocation())
                        .filter(place -> !place.isEmpty())
                        .orElse("migrations/" + info.getScript()),
                state(info),
                Optional.ofNullable(info.getInstalledOn()).map(Date::toInstant));
    }

    private static State state(MigrationInfo info) {
        return switch (info.getState()) {
            case SUCCESS, OUT_OF_ORDER -> info.isChecksumMatching() ? State.APPLIED : State.CHANGED;
            case MISSING_SUCCESS, FUTURE_SUCCESS, DELETED -> State.MISSING;
            case FAILED, MISSING_FAILED, FUTURE_FAILED -> State.FAILED;
            default -> State.PENDING;
        };
    }

    /** All of it at once: Flyway would name the first only, and in terms of its own commands. */
    private static void refuseWhatDoesNotFit(List<MigrationStatus> migrations) {
        Problems problems = new Problems();
        MigrationStatus last = null;
        for (MigrationStatus migration : migrations) {
            switch (migration.state()) {
                case CHANGED ->
                    problems.add(
                            migration.where(),
                            "was changed after it had been applied; the schema is what the old text made.",
                            "Put the old text back, and write the change into a new migration.");
                case MISSING ->
                    problems.add(
                            migration.where(),
                            "was applied to this database, and the file is gone.",
                            "Put it back: a new database would get another schema than this one.");
                case FAILED ->
                    problems.add(
                            migration.where(),
                            "failed half-way the last time, outside of a transaction.",
                            "Put the schema right by hand, then delete its row from " + HISTORY + ".");
                default -> {}
            }
            last = migration.installedOn().isPresent() ? migration : last;
        }
        refuseLateComers(migrations, last, problems);
        problems.throwIfAny(ExitCode.USAGE);
    }

    private static void refuseLateComers(
            List<MigrationStatus> migrations, @Nullable MigrationStatus last, Problems problems) {
        if (last == null) {
            return;
        }
        migrations.subList(0, migrations.indexOf(last)).stream()
                .filter(migration -> migration.state() == State.PENDING)
                .forEach(late -> problems.add(
                        late.where(),
                        "comes before version %s, which is applied already.".formatted(last.version()),
                        "Give it a number that is higher than " + last.version() + "."));
    }
}
