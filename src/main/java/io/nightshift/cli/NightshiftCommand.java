package io.nightshift.cli;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

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
            CheckCommand.class,
            StatusCommand.class,
            HistoryCommand.class,
            ShowCommand.class,
            RejectsCommand.class,
            StopCommand.class,
            ResumeCommand.class,
            AbandonCommand.class,
            ScheduleCommand.class,
            ServeCommand.class,
            MigrateCommand.class,
            DbCommand.class,
            DemoCommand.class
        })
final class NightshiftCommand implements Runnable {

    @Mixin
    private final Invocation invocation;

    @Option(names = "--version", versionHelp = true, description = "Show the version, and end.")
    private boolean version;

    @Spec
    private CommandSpec spec;

    NightshiftCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public void run() {
        List<String> commands = List.copyOf(spec.subcommands().keySet());
        throw new ParameterException(
                spec.commandLine(), "no command was given; there are " + String.join(", ", commands));
    }
}
