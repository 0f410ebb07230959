package io.nightshift.database.embedded;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The PostgreSQL of a state directory. Safe from several processes and threads at once. */
public final class EmbeddedServer {

    /** What came of the wish to stop it. */
    public enum Stopped {
        STOPPED,
        WAS_NOT_RUNNING,
        /** Another process works with it; it stops when the last one leaves. */
        STILL_IN_USE
    }

    /**
     * How the server is.
     *
     * @param folder where it lies, with its log
     * @param pid    of the running server; empty when none runs
     * @param port   on 127.0.0.1; of the running server
     * @param kept   whether it stays when nobody uses it, until it is stopped
     */
    public record Status(Path folder, Optional<Long> pid, Optional<Integer> port, boolean kept) {}

    private final ServerFolder folder;
    private final ServerProcess process;

    private EmbeddedServer(ServerFolder folder) {
        this.folder = folder;
        this.process = new ServerProcess(folder);
    }

    /** The server below a home's state directory; nothing is started. */
    public static EmbeddedServer in(Path state) {
        return new EmbeddedServer(ServerFolder.in(state));
    }

    /** Whether one has been made there, running or not. Makes nothing. */
    public static boolean existsIn(Path state) {
        return Files.exists(
                state.resolve("postgres-" + ServerFolder.MAJOR).resolve("data").resolve("PG_VERSION"));
    }

    /**
     * Joins the running server, or makes and starts it.
     *
     * @throws io.nightshift.problem.ProblemException when that does not work on this machine
     */
    public ServerLease use() {
        SharedUse users = SharedUse.of(folder);
        int port = users.join(process::running);
        return new ServerLease(folder, port, () -> users.leave(this::stopUnlessKept));
    }

    /** Starts it, to run until {@link #stop()} though nobody uses it. */
    public void start() {
        try (ServerLease lease = use()) {
            folder.write(folder.keepRunning(), "until: nightshift db stop (port " + lease.port() + ")");
        }
    }

    /** Stops it now, or, when it is in use, as soon as it no longer is. */
    public Stopped stop() {
        boolean running = PostmasterPid.ofRunning(folder.data()).isPresent();
        try {
            Files.deleteIfExists(folder.keepRunning());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (!running) {
            return Stopped.WAS_NOT_RUNNING;
        }
        return SharedUse.of(folder).alone(process::stop) ? Stopped.STOPPED : Stopped.STILL_IN_USE;
    }

    /** Looks only. */
    public Status status() {
        Optional<PostmasterPid> running = PostmasterPid.ofRunning(folder.data());
        return new Status(
                folder.path(),
                running.map(PostmasterPid::pid),
                running.map(PostmasterPid::port),
                Files.exists(folder.keepRunning()));
    }

    /**
     * The variables that PostgreSQL's own programs read, in their usual order; the password stays in its file.
     *
     * @throws io.nightshift.problem.ProblemException when the server does not run
     */
    public Map<String, String> env() {
        PostmasterPid running = PostmasterPid.ofRunning(folder.data())
                .orElseThrow(() -> EmbeddedProblem.at(
                        folder.path(), "the embedded server does not run.", "Start it: nightshift db start"));
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("PGHOST", "127.0.0.1");
        variables.put("PGPORT", Integer.toString(running.port()));
        variables.put("PGUSER", ServerFolder.ROLE);
        variables.put("PGDATABASE", ServerFolder.DATABASE);
        variables.put("PGPASSFILE", folder.passwordFile().toString());
        return variables;
    }

    /**
     * The terminal program; it is not among the embedded ones, so the system's own is taken.
     *
     * @throws io.nightshift.problem.ProblemException when the system has none
     */
    public Path psql() {
        String path = System.getenv().getOrDefault("PATH", "");
        return Arrays.stream(path.split(File.pathSeparator))
                .filter(directory -> !directory.isEmpty())
                .map(directory -> Path.of(directory, "psql"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> EmbeddedProblem.at(
                        Path.of("psql"),
                        "is not on the PATH, and the embedded server has none.",
                        "Install your system's PostgreSQL client, or take any other with: nightshift db env"));
    }

    private void stopUnlessKept() {
        if (!Files.exists(folder.keepRunning())) {
            process.stop();
        }
    }
}
