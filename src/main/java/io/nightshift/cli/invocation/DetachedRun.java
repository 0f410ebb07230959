package io.nightshift.cli.invocation;

import io.nightshift.cli.terminal.Json;
import io.nightshift.content.Home;
import io.nightshift.problem.ExitCode;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Starts the same command once more in a process that outlives this one and its terminal. */
public final class DetachedRun {

    /** Both are what the engine notes first. */
    private static final Pattern BEGUN = Pattern.compile("^(?:Started|Continuing) run (\\d+) of ", Pattern.MULTILINE);

    /** Neither Ctrl-C nor the end of the terminal reaches it; SIGTERM does, and stops it at a chunk boundary. */
    private static final String APART =
            """
            trap '' HUP INT
            if command -v setsid >/dev/null 2>&1; then exec setsid "$@"; else exec "$@"; fi""";

    private static final int LOOK_EVERY_MILLIS = 100;

    private final Invocation invocation;
    private final Home home;
    private final String job;

    public DetachedRun(Invocation invocation, Home home, String job) {
        this.invocation = invocation;
        this.home = home;
        this.job = job;
    }

    /** Waits until the run has a number, or until it is clear that it gets none, and tells either. */
    public int start() {
        try {
            Path log = log();
            Process process = new ProcessBuilder(command())
                    .redirectInput(new File("/dev/null"))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            while (!process.waitFor(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS)) {
                Matcher begun = BEGUN.matcher(Files.readString(log));
                if (begun.find()) {
                    tell(Long.parseLong(begun.group(1)), process.pid(), log);
                    return ExitCode.DONE.code();
                }
            }
            return endedAlready(process.exitValue(), log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while a run was started in the background.", e);
        }
    }

    private void tell(long run, long pid, Path log) {
        invocation.answer(
                () -> Json.document("run", run, "job", job, "pid", pid, "log", log.toString()),
                () ->
                        """
                        Run %d of %s goes on in the background, as process %d.
                          Its output: %s
                          How it is: nightshift status. Stop it: nightshift stop %d"""
                                .formatted(run, job, pid, log, run));
    }

    /** Done before we looked, or refused: what it said is what there is to say. */
    private int endedAlready(int exit, Path log) throws IOException {
        String said = Files.readString(log).strip();
        invocation.answer(
                () -> Json.document("job", job, "exit", exit, "log", log.toString(), "output", said), () -> said);
        return exit;
    }

    private Path log() throws IOException {
        Path directory = LogFile.directory(home.state());
        Path log = Files.createTempFile(directory, "run-" + job + "-", ".log");
        if (Files.getFileStore(log).supportsFileAttributeView("posix")) {
            Files.setPosixFilePermissions(log, PosixFilePermissions.fromString("rw-------"));
        }
        return log;
    }

    private List<String> command() {
        List<String> command = new ArrayList<>(List.of("sh", "-c", APART, "nightshift"));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options());
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add("io.nightshift.Nightshift");
        invocation.arguments().stream()
                .filter(argument -> !argument.equals("--detach") && !argument.equals("--json"))
                .forEach(command::add);
        return command;
    }

    /** As we were started, except for the terminal, which it no longer has. */
    private static List<String> options() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> !option.startsWith("-Dnightshift.terminal") && !option.startsWith("-agentlib"))
                .toList();
    }
}
