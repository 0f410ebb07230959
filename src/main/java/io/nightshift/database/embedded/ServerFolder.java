package io.nightshift.database.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;

/** Where everything of the embedded server lies. The major version is in the name: another one cannot read the data. */
record ServerFolder(Path path) {

    static final String MAJOR = "18";
    static final String SUPERUSER = "postgres";
    static final String ROLE = "nightshift";
    static final String DATABASE = "nightshift";

    static ServerFolder in(Path state) {
        try {
            Path folder = state.resolve("postgres-" + MAJOR);
            if (!Files.isDirectory(folder)) {
                Files.createDirectories(folder, permissions("rwx------"));
            }
            // Locks are kept by path: one folder must not have two names.
            return new ServerFolder(folder.toRealPath());
        } catch (IOException e) {
            throw EmbeddedProblem.at(
                    state,
                    "the embedded database cannot be put here (" + e.getMessage() + ").",
                    "Set nightshift.state to a directory of your own, or configure nightshift.database.url.");
        }
    }

    Path data() {
        return path.resolve("data");
    }

    Path log() {
        return path.resolve("server.log");
    }

    Path passwordFile() {
        return path.resolve("pgpass");
    }

    Path startLock() {
        return path.resolve("start.lock");
    }

    Path useLock() {
        return path.resolve("use.lock");
    }

    Path keepRunning() {
        return path.resolve("keep-running");
    }

    Path port() {
        return path.resolve("port");
    }

    Path secretOf(String role) {
        return path.resolve(role + ".password");
    }

    /** The password of a role of this server, made up when it is first asked for. */
    String password(String role) {
        return read(secretOf(role)).orElseGet(() -> {
            byte[] random = new byte[24];
            new SecureRandom().nextBytes(random);
            String password = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
            write(secretOf(role), password);
            return password;
        });
    }

    Optional<String> read(Path file) {
        try {
            return Files.exists(file) ? Optional.of(Files.readString(file).strip()) : Optional.empty();
        } catch (IOException e) {
            throw EmbeddedProblem.at(
                    file,
                    "cannot be read (" + e.getMessage() + ").",
                    "Run as the user who owns it, or use a home of your own.");
        }
    }

    /** Appears whole, and readable by us only. */
    void write(Path file, String text) {
        try {
            Path draft = file.resolveSibling(file.getFileName() + ".new");
            Files.deleteIfExists(draft);
            Files.createFile(draft, permissions("rw-------"));
            Files.writeString(draft, text + "\n");
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static FileAttribute<?> permissions(String text) {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(text));
    }
}
