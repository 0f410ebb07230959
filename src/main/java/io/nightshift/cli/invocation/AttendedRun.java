package io.nightshift.cli.invocation;

import io.nightshift.chunk.Progress;
import io.nightshift.cli.terminal.ProgressBars;
import io.nightshift.cli.terminal.ProgressLines;
import io.nightshift.cli.terminal.Signals;
import io.nightshift.content.Home;
import io.nightshift.content.Settings;
import io.nightshift.database.Database;
import io.nightshift.run.Engine;
import java.io.PrintStream;
import java.time.Duration;
import java.util.function.BiFunction;

/** Lets the engine work while somebody watches: shows progress and hands signals on. */
public final class AttendedRun {

    private static final Duration LINE_EVERY = Duration.ofSeconds(5);

    private final PrintStream err;
    private final Home home;

    public AttendedRun(Invocation invocation, Home home) {
        this.err = invocation.err();
        this.home = home;
    }

    /** Returns when the attempt has ended, however it has. */
    public <T> T on(Database database, BiFunction<Engine, Progress, T> work) {
        ReadySchema.see(database, home, err);
        try (Engine engine = Engine.open(home, Settings.of(home), database);
                Signals signals = listen(engine)) {
            return terminalColumns() > 0 ? withBars(engine, work) : withLines(engine, work);
        }
    }

    private <T> T withBars(Engine engine, BiFunction<Engine, Progress, T> work) {
        try (ProgressBars bars = new ProgressBars(err, terminalColumns())) {
            return work.apply(engine, bars);
        }
    }

    private <T> T withLines(Engine engine, BiFunction<Engine, Progress, T> work) {
        try (ProgressLines lines = ProgressLines.every(LINE_EVERY, err)) {
            return work.apply(engine, lines);
        }
    }

    /** The launcher says how wide the terminal behind stderr is, when there is one: Java 17 cannot find out. */
    private static int terminalColumns() {
        return Integer.getInteger("nightshift.terminal", 0);
    }

    private Signals listen(Engine engine) {
        return Signals.listen(
                signal -> {
                    err.println(System.lineSeparator() + signal
                            + ": stopping at the next chunk boundary; once more stops at once.");
                    engine.requestStop(signal);
                },
                signal -> {
                    err.println(signal + ": stopping at once; the chunk under way is rolled back.");
                    engine.stopNow(signal);
                });
    }
}
