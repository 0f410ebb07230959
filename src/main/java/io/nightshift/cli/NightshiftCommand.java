package io.nightshift.cli;

import io.nightshift.cli.invocation.Invocation;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The program itself; all it does alone is to say what commands there are. */
@Command(
        name = "nightshift",
        description = "Does the night work of a PostgreSQL database and proves that it did it once.",
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            InitCommand.class,
            RunCommand.class,
            PlanCommand.class,
            RehearseCommand.class,
            CheckCommand.class,
            StatusCommand.class,
            HistoryCommand.class,
            ShowCommand.class,
            RejectsCommand.class,
            ProveCommand.class,
            StopCommand.class,
            ResumeCommand.class,
            AbandonCommand.class,
            HoldCommand.class,
            ReleaseCommand.class,
            TuneCommand.class,
            ScheduleCommand.class,
            ServeCommand.class,
            MigrateCommand.class,
            DbCommand.class,
            DemoCommand.class
        })
final class NightshiftCommand {

    @Mixin
    private final Invocation invocation;

    @Option(names = "--version", versionHelp = true, description = "Show the version, and end.")
    private boolean version;

    NightshiftCommand(Invocation invocation) {
        this.invocation = invocation;
    }
}
