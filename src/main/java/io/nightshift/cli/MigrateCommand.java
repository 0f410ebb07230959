package io.nightshift.cli;

import io.nightshift.cli.invocation.Invocation;
import io.nightshift.cli.terminal.Figures;
import io.nightshift.cli.terminal.Json;
import io.nightshift.cli.terminal.Table;
import io.nightshift.content.Home;
import io.nightshift.migrate.MigrationStatus;
import io.nightshift.migrate.Migrations;
import io.nightshift.problem.ExitCode;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;

@Command(
        name = "migrate",
        description = "The migrations of your schema, in migrations/.",
        synopsisSubcommandLabel = "up|status")
final class MigrateCommand {

    private final Invocation invocation;

    MigrateCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Command(name = "up", description = "Applies what is pending, in order, each in a transaction of its own.")
    int up() {
        Home home = invocation.home();
        List<MigrationStatus> applied = invocation.writing(home, database -> Migrations.up(database, home));
        invocation.answer(
                () -> document("applied", applied),
                () -> applied.isEmpty()
                        ? "Nothing to do: every migration is applied."
                        : table(applied).text() + System.lineSeparator() + Figures.count(applied.size(), "migration")
                                + " applied.");
        return ExitCode.DONE.code();
    }

    @Command(name = "status", description = "Lists the migrations and whether they are applied. Changes nothing.")
    int status() {
        Home home = invocation.home();
        List<MigrationStatus> all = invocation.hasDatabase(home)
                ? invocation.looking(home, database -> Migrations.status(database, home))
                : Migrations.status(home);
        invocation.answer(
                () -> document("migrations", all),
                () -> all.isEmpty() ? "There are no migrations." : table(all).text());
        return ExitCode.DONE.code();
    }

    private static Map<String, Object> document(String name, List<MigrationStatus> migrations) {
        return Json.document(name, migrations);
    }

    private static Table table(List<MigrationStatus> migrations) {
        Table table = new Table("version", "description", "state", "applied at", "file");
        for (MigrationStatus migration : migrations) {
            table.row(
                    migration.version(),
                    migration.description(),
                    migration.state(),
                    migration.installedOn().map(Figures::time).orElse(""),
                    migration.where());
        }
        return table;
    }
}
