package io.nightshift.database.embedded;

import io.nightshift.database.embedded.ServerPrograms.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Starts, finds and stops the server on a data directory. The caller holds the folder's start lock. */
record ServerProcess(ServerFolder folder) {

    /** Recovery after a crash may have much to do. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /** The port of the running server: one that was found, perhaps left behind by a killed process, or a new one. */
    int running() {
        Optional<PostmasterPid> found = settled();
        if (found.isPresent()) {
            new ServerIdentity(folder).check(found.get().port());
            return found.get().port();
        }
        return start();
    }

    void stop() {
        if (PostmasterPid.ofRunning(folder.data()).isEmpty()) {
            return;
        }
        Outcome outcome = programs()
                .call(
                        "pg_ctl",
                        "",
                        List.of("stop", "-D", folder.data().toString(), "-m", "fast", "-w", "-t", seconds()));
        if (!outcome.good() && PostmasterPid.ofRunning(folder.data()).isPresent()) {
            throw EmbeddedProblem.at(
                    folder.path(),
                    "the embedded server does not stop (" + outcome.reason() + ").",
                    "Look at " + folder.log());
        }
    }

    /** What is starting is waited for until it is ready, what is stopping until it is gone. */
    private Optional<PostmasterPid> settled() {
        Instant end = Instant.now().plus(PATIENCE);
        Optional<PostmasterPid> found = PostmasterPid.ofRunning(folder.data());
        while (found.isPresent() && !found.get().state().equals(PostmasterPid.READY)) {
            if (Instant.now().isAfter(end)) {
                throw EmbeddedProblem.at(
                        folder.data(),
                        "the embedded server (pid %d) has been %s for %d minutes."
                                .formatted(found.get().pid(), found.get().state(), PATIENCE.toMinutes()),
                        "Look at " + folder.log());
            }
            Pause.of(Duration.ofMillis(100));
            found = PostmasterPid.ofRunning(folder.data());
        }
        return found;
    }

    private int start() {
        ServerPrograms programs = programs();
        programs.check();
        if (!Files.exists(folder.data())) {
            new NewServer(folder, programs).make();
        }
        refuseForeign();
        PostmasterPid.removeOfAnotherProgram(folder.data());
        return start(programs, 3);
    }

    private int start(ServerPrograms programs, int tries) {
        int port = new ServerPort(folder).free();
        ServerLog log = ServerLog.from(folder);
        Outcome outcome = programs.call(
                "pg_ctl",
                "",
                List.of(
                        "start",
                        "-D",
                        folder.data().toString(),
                        "-w",
                        "-s",
                        "-t",
                        seconds(),
                        "-l",
                        folder.log().toString(),
                        "-o",
                        "-p " + port));
        if (outcome.good()) {
            new ServerPort(folder).remember(port);
            return port;
        }
        // The start of a process that was killed meanwhile may have come first.
        Optional<PostmasterPid> other = settled();
        if (other.isPresent()) {
            return other.get().port();
        }
        if (tries > 1 && log.sinceThen().contains("Address already in use")) {
            return start(programs, tries - 1);
        }
        throw EmbeddedProblem.at(
                folder.path(),
                "the embedded server does not start (" + new Outcome(1, log.sinceThen()).reason() + ").",
                "Look at %s; if the data is lost, move %s away and a new one is made."
                        .formatted(folder.log(), folder.data()));
    }

    private ServerPrograms programs() {
        return new ServerPrograms(ServerBinaries.in(folder.path()), folder.path());
    }

    /** Never starts on what is not ours to change, and never makes up a password for a server that has another. */
    private void refuseForeign() {
        String version = folder.read(folder.data().resolve("PG_VERSION")).orElse("");
        if (!version.equals(ServerFolder.MAJOR)) {
            throw EmbeddedProblem.at(
                    folder.data(),
                    version.isEmpty()
                            ? "is no database (PG_VERSION is missing)."
                            : "is a database of PostgreSQL %s, not %s.".formatted(version, ServerFolder.MAJOR),
                    "Move it away, and a new one is made. " + EmbeddedProblem.ELSEWHERE);
        }
        Path secret = folder.secretOf(ServerFolder.ROLE);
        if (!Files.exists(secret)) {
            throw EmbeddedProblem.at(
                    secret, "is missing; nobody else knows the password.", "Put it back from a backup of this folder.");
        }
    }

    private static String seconds() {
        return Long.toString(PATIENCE.toSeconds());
    }
}
