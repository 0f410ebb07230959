package io.nightshift.cli;

import io.nightshift.cli.invocation.Invocation;
import io.nightshift.cli.terminal.Figures;
import io.nightshift.cli.terminal.Signals;
import io.nightshift.content.Home;
import io.nightshift.content.Settings;
import io.nightshift.database.Database;
import io.nightshift.job.file.JobFiles;
import io.nightshift.problem.ExitCode;
import io.nightshift.problem.Problems;
import io.nightshift.schedule.Scheduler;
import io.nightshift.schedule.Schedules;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(
        name = "serve",
        description = {
            "Runs the jobs of this home at the times that their schedules say, until it is told to end.",
            "",
            "Start it on as many machines as you like: a slot runs once. Ctrl-C, SIGTERM and SIGHUP stop what runs at"
                    + " its next chunk boundary, a second one at once.",
            ""
        })
final class ServeCommand implements Callable<Integer> {

    private final Invocation invocation;

    ServeCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        Home home = invocation.home();
        return invocation.writing(home, database -> serve(home, database)).code();
    }

    private ExitCode serve(Home home, Database database) {
        try (Scheduler scheduler = Scheduler.start(home, Settings.of(home), database, this::tell);
                Signals signals = listen(scheduler)) {
            JobFiles jobs = JobFiles.read(home.jobs(), new Problems());
            Schedules.tightPool(jobs, Settings.of(home), database.poolSize())
                    .ifPresent(tight -> tell("warning: " + tight.text()));
            tell("Serving the schedules of %s on %s.".formatted(home.root(), database.description()));
            scheduler.awaitStop();
            tell("Nothing new begins; what runs stops at its next chunk boundary.");
            // Here, so that a second signal is still heard.
            scheduler.close();
            tell("The server has ended.");
            return ExitCode.DONE;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return ExitCode.STOPPED;
        }
    }

    private Signals listen(Scheduler scheduler) {
        return Signals.listen(signal -> scheduler.requestStop(), signal -> {
            tell(signal + ": stopping at once; chunks under way are rolled back.");
            scheduler.stopNow();
        });
    }

    private void tell(String line) {
        invocation.err().println(Figures.time(Instant.now()) + " " + line);
    }
}
