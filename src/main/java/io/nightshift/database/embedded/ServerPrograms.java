package io.nightshift.database.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Calls the server's own programs. They refuse to work as root, so root calls them inside a user namespace in which it
 * is nobody; the files stay root's.
 */
record ServerPrograms(ServerBinaries binaries, Path folder) {

    /** What a program has said and how it ended. */
    record Outcome(int exit, String output) {

        boolean good() {
            return exit == 0;
        }

        /** The line that says why, for a message. */
        String reason() {
            List<String> lines = output.lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .toList();
            return lines.stream()
                    .filter(line -> line.matches(".*(FATAL|PANIC|error|ERROR|could not|cannot).*"))
                    .findFirst()
                    .orElse(lines.isEmpty() ? "no reason given" : lines.get(lines.size() - 1))
                    .replaceFirst("^.*?(FATAL|PANIC|ERROR): +", "");
        }
    }

    Outcome call(String program, String input, List<String> arguments) {
        List<String> command = new ArrayList<>(root() ? List.of("unshare", "-U") : List.of());
        command.add(binaries.program(program));
        command.addAll(arguments);
        return run(command, input);
    }

    /** @throws io.nightshift.problem.ProblemException when they cannot be called at all */
    void check() {
        if (root() && !run(List.of("unshare", "-U", "true"), "").good()) {
            throw EmbeddedProblem.at(
                    folder,
                    "PostgreSQL does not run as root, and this system lets root make no user namespace (unshare -U).",
                    "Run as another user. " + EmbeddedProblem.ELSEWHERE);
        }
        Outcome version = call("postgres", "", List.of("--version"));
        if (!version.good()) {
            throw EmbeddedProblem.at(
                    folder,
                    "the embedded server does not run on this system (" + version.reason() + ").",
                    "It needs glibc, a directory that may hold programs and, as root, a path that root owns. "
                            + EmbeddedProblem.ELSEWHERE);
        }
    }

    private static boolean root() {
        return "root".equals(System.getProperty("user.name"));
    }

    /** The output goes through a file: a server that is started must not keep a pipe of ours open. */
    private Outcome run(List<String> command, String input) {
        try {
            Path output = Files.createTempFile(folder, "call", ".out");
            try {
                ProcessBuilder builder = new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile());
                // Settings of a client or of another server must not reach this one.
                builder.environment().keySet().removeIf(name -> name.startsWith("PG") || name.startsWith("LC_"));
                builder.environment().put("LC_ALL", "C");
                Process process = builder.start();
                try (var in = process.getOutputStream()) {
                    in.write(input.getBytes(StandardCharsets.UTF_8));
                }
                int exit = process.waitFor();
                return new Outcome(exit, Files.readString(output));
            } finally {
                Files.deleteIfExists(output);
            }
        } catch (IOException e) {
            return new Outcome(127, String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Outcome(130, "interrupted");
        }
    }
}
