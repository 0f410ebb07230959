package io.nightshift.database.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a running server says about itself in its data directory; a killed one leaves it behind.
 *
 * @param state {@code starting} (which includes recovery), {@code ready} or {@code stopping}
 */
record PostmasterPid(long pid, int port, String state) {

    private static final String FILE = "postmaster.pid";
    static final String READY = "ready";
    static final String STOPPING = "stopping";

    /** Empty when no server runs on the directory, whatever file another one has left. */
    static Optional<PostmasterPid> ofRunning(Path data) {
        return read(data).filter(PostmasterPid::alive);
    }

    private static Optional<PostmasterPid> read(Path data) {
        try {
            List<String> lines = Files.readAllLines(data.resolve(FILE));
            if (lines.isEmpty() || !lines.get(0).matches("\\d{1,18}")) {
                return Optional.empty();
            }
            // The lines appear one after the other while the server starts.
            int port = lines.size() > 3 && lines.get(3).matches("\\d{1,5}") ? Integer.parseInt(lines.get(3)) : 0;
            String state = lines.size() > 7 ? lines.get(7).strip() : "starting";
            return Optional.of(new PostmasterPid(Long.parseLong(lines.get(0)), port, state));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw EmbeddedProblem.at(
                    data,
                    "cannot be read (" + e.getMessage() + ").",
                    "Run as the user who owns it. " + EmbeddedProblem.ELSEWHERE);
        }
    }

    /** PostgreSQL takes any living process of that number for a server and would not start. */
    static void removeOfAnotherProgram(Path data) {
        if (read(data)
                .filter(found -> found.process().isPresent() && !found.alive())
                .isPresent()) {
            try {
                Files.deleteIfExists(data.resolve(FILE));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** The number may meanwhile belong to another program. */
    private boolean alive() {
        return process()
                .filter(process -> process.info()
                        .command()
                        .map(command ->
                                Path.of(command).getFileName().toString().startsWith("postgres"))
                        .orElse(true))
                .isPresent();
    }

    private Optional<ProcessHandle> process() {
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive);
    }
}
