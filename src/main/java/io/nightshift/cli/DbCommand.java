package io.nightshift.cli;

import io.nightshift.cli.invocation.Invocation;
import io.nightshift.cli.terminal.Json;
import io.nightshift.database.embedded.EmbeddedServer;
import io.nightshift.database.embedded.EmbeddedServer.Status;
import io.nightshift.database.embedded.EmbeddedServer.Stopped;
import io.nightshift.database.embedded.ServerLease;
import io.nightshift.problem.ExitCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "db",
        description = "The embedded PostgreSQL, which is used where no database is configured.",
        synopsisSubcommandLabel = "start|stop|status|env|psql")
final class DbCommand {

    private final Invocation invocation;

    DbCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    private EmbeddedServer server() {
        return EmbeddedServer.in(invocation.home().state());
    }

    @Command(name = "start", description = "Starts it, and keeps it running until it is stopped.")
    int start() {
        server().start();
        return status();
    }

    @Command(name = "stop", description = "Stops it now, or, when a process works with it, as soon as none does.")
    int stop() {
        Stopped stopped = server().stop();
        invocation.answer(() -> Json.document("result", stopped), () -> switch (stopped) {
            case STOPPED -> "Stopped.";
            case WAS_NOT_RUNNING -> "It did not run.";
            case STILL_IN_USE -> "Another process works with it; it stops when that one ends.";
        });
        return ExitCode.DONE.code();
    }

    @Command(name = "status", description = "Says whether it runs, and where.")
    int status() {
        Status status = server().status();
        invocation.answer(
                () -> Json.document(
                        "running", status.pid().isPresent(),
                        "pid", status.pid(),
                        "port", status.port(),
                        "kept", status.kept(),
                        "folder", status.folder().toString()),
                () -> text(status));
        return ExitCode.DONE.code();
    }

    private static String text(Status status) {
        return status.pid()
                .map(pid -> "Runs on 127.0.0.1:%s as process %d, %s.%nIts data and log: %s"
                        .formatted(
                                status.port().map(Object::toString).orElse("?"),
                                pid,
                                status.kept() ? "until nightshift db stop" : "until the last process leaves it",
                                status.folder()))
                .orElse("Does not run. It starts by itself when a command needs it, or with: nightshift db start");
    }

    @Command(
            name = "env",
            description =
                    "Prints the variables that PostgreSQL's own programs read, no secret among them: eval \"$(nightshift db env)\"")
    int env() {
        Map<String, String> variables = server().env();
        invocation.answer(() -> Json.document("env", variables), () -> variables.entrySet().stream()
                .map(variable -> "export " + variable.getKey() + "=" + quoted(variable.getValue()))
                .collect(Collectors.joining(System.lineSeparator())));
        return ExitCode.DONE.code();
    }

    /** For a shell: nothing in the value means anything. */
    private static String quoted(String value) {
        return value.matches("[A-Za-z0-9_./:-]+") ? value : "'" + value.replace("'", "'\\''") + "'";
    }

    @Command(name = "psql", description = "Opens your system's psql on it.")
    int psql(
            @Parameters(
                            arity = "0..*",
                            paramLabel = "ARGUMENT",
                            description = "Handed to psql as they are; behind -- also -h.")
                    List<String> arguments) {
        EmbeddedServer server = server();
        List<String> command = new ArrayList<>(List.of(server.psql().toString()));
        command.addAll(arguments == null ? List.of() : arguments);
        try (ServerLease lease = server.use()) {
            ProcessBuilder psql = new ProcessBuilder(command).inheritIO();
            psql.environment().putAll(server.env());
            return psql.start().waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitCode.STOPPED.code();
        }
    }
}
