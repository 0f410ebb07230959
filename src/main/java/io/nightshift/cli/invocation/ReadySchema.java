package io.nightshift.cli.invocation;

import io.nightshift.content.Home;
import io.nightshift.database.Database;
import io.nightshift.migrate.MigrationStatus;
import io.nightshift.migrate.Migrations;
import io.nightshift.problem.ExitCode;
import io.nightshift.problem.ProblemException;
import java.io.PrintStream;
import java.util.List;

/**
 * Sees to it that jobs meet the schema they were written for. The embedded server belongs to its home, so its pending
 * migrations are applied; a configured database belongs to somebody who deploys to it, and is only looked at.
 */
final class ReadySchema {

    private ReadySchema() {}

    /** @throws ProblemException when a configured database is not migrated, or a migration fails */
    static void see(Database database, Home home, PrintStream err) {
        if (!Migrations.pending(database, home)) {
            return;
        }
        if (!database.embedded()) {
            throw new ProblemException(
                    ExitCode.USAGE,
                    database.description(),
                    "migrations of this home are not applied yet",
                    "Look at them with: nightshift migrate status. Apply them with: nightshift migrate up");
        }
        List<MigrationStatus> applied = Migrations.up(database, home);
        err.println("The schema: " + applied.size() + (applied.size() == 1 ? " migration" : " migrations")
                + " applied to the embedded database.");
    }
}
