package io.nightshift.database.embedded;

import io.nightshift.database.embedded.ServerPrograms.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.util.FileSystemUtils;

/** Makes the data directory, with the jobs' role and database in it, and moves it into place only when it is complete. */
record NewServer(ServerFolder folder, ServerPrograms programs) {

    private static final String DRAFT = "data.new";

    private static final List<String> SETTINGS = List.of(
            "listen_addresses=127.0.0.1",
            // A socket would sit in a directory that everybody can write.
            "unix_socket_directories=",
            "max_connections=300",
            "fsync=on",
            "full_page_writes=on",
            "synchronous_commit=on",
            "timezone=UTC",
            "log_timezone=UTC",
            "log_line_prefix=%m [%p] %u@%d ");

    void make() {
        try {
            removeDrafts();
            Path draft =
                    folder.path().resolve(DRAFT + "-" + ProcessHandle.current().pid());
            initialize(draft);
            addRoleAndDatabase(draft);
            folder.write(
                    folder.passwordFile(),
                    "127.0.0.1:*:%s:%s:%s"
                            .formatted(ServerFolder.DATABASE, ServerFolder.ROLE, folder.password(ServerFolder.ROLE)));
            Files.move(draft, folder.data(), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void initialize(Path draft) {
        folder.password(ServerFolder.SUPERUSER);
        List<String> arguments = new ArrayList<>(List.of(
                "--pgdata=" + draft,
                "--username=" + ServerFolder.SUPERUSER,
                "--auth=scram-sha-256",
                "--pwfile=" + folder.secretOf(ServerFolder.SUPERUSER),
                "--encoding=UTF8",
                "--locale=C",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--data-checksums",
                "--no-instructions"));
        SETTINGS.forEach(setting -> arguments.add("--set=" + setting));
        require(programs.call("initdb", "", arguments));
    }

    /** In single-user mode: nobody can connect to a server that is half set up. */
    private void addRoleAndDatabase(Path draft) {
        String commands =
                """
                CREATE ROLE %1$s LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION PASSWORD '%2$s'
                GRANT pg_monitor TO %1$s
                CREATE DATABASE %3$s OWNER %1$s
                REVOKE CONNECT ON DATABASE postgres FROM PUBLIC
                """
                        .formatted(ServerFolder.ROLE, folder.password(ServerFolder.ROLE), ServerFolder.DATABASE);
        Outcome outcome = programs.call("postgres", commands, List.of("--single", "-D", draft.toString(), "postgres"));
        // This mode ends well whatever its commands did.
        require(outcome.output().matches("(?s).*(ERROR|FATAL|PANIC):.*") ? new Outcome(1, outcome.output()) : outcome);
    }

    private void require(Outcome outcome) {
        if (!outcome.good()) {
            throw EmbeddedProblem.at(
                    folder.path(),
                    "the embedded database cannot be set up (" + outcome.reason() + ").",
                    "Nothing was left half done. " + EmbeddedProblem.ELSEWHERE);
        }
    }

    private void removeDrafts() throws IOException {
        try (Stream<Path> entries = Files.list(folder.path())) {
            for (Path entry : entries.filter(
                            path -> path.getFileName().toString().startsWith(DRAFT))
                    .toList()) {
                FileSystemUtils.deleteRecursively(entry);
            }
        }
    }
}
