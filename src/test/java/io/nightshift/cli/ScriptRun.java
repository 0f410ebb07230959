package io.nightshift.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** One of the scripts of the repository, as a real process. */
record ScriptRun(int exit, String out, String err) {

    /**
     * Waits until it has ended.
     *
     * @param environment all there is, the PATH too
     */
    static ScriptRun of(Path script, Path directory, Map<String, String> environment, String... arguments) {
        return of(start(script, directory, environment, arguments));
    }

    static Process start(Path script, Path directory, Map<String, String> environment, String... arguments) {
        try {
            ProcessBuilder builder = new ProcessBuilder(script.toString()).directory(directory.toFile());
            builder.command().addAll(List.of(arguments));
            builder.environment().clear();
            builder.environment().putAll(environment);
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static ScriptRun of(Process process) {
        try {
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
            return new ScriptRun(process.waitFor(), out, err);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Writes a script that a test stands in a program's place. */
    static Path write(Path file, String text) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
            file.toFile().setExecutable(true);
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A directory for a PATH that has these programs of this machine, as far as it has them, and no others. */
    static Path only(Path directory, String... programs) {
        for (String program : programs) {
            Stream.of(System.getenv("PATH").split(":"))
                    .map(place -> Path.of(place, program))
                    .filter(Files::isExecutable)
                    .findFirst()
                    .ifPresent(found -> write(directory.resolve(program), "#!/bin/sh\nexec '" + found + "' \"$@\"\n"));
        }
        return directory;
    }
}
