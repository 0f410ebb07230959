package io.nightshift.crash;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** One process of the program; what it says goes to files. */
final class ProgramUnderTest {

    static final int KILLED = 137;

    private static final Duration LIMIT = Duration.ofMinutes(3);

    private final Process process;
    private final Path out;
    private final Path err;

    private ProgramUnderTest(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    static ProgramUnderTest start(Build build, Path home, String... words) {
        return start(build.command(), home, words);
    }

    /** @param command how the process begins */
    static ProgramUnderTest start(List<String> command, Path home, String... words) {
        try {
            Path said = Files.createTempDirectory("nightshift-said");
            Path out = said.resolve("out");
            Path err = said.resolve("err");
            List<String> whole = new ArrayList<>(command);
            whole.addAll(List.of("--home", home.toString()));
            whole.addAll(List.of(words));
            ProcessBuilder builder = new ProcessBuilder(whole)
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile());
            builder.environment().keySet().removeIf(ProgramUnderTest::isSetting);
            return new ProgramUnderTest(builder.start(), out, err);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isSetting(String variable) {
        return variable.equals("DATABASE_URL")
                || Stream.of("NIGHTSHIFT_", "PG", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS")
                        .anyMatch(variable::startsWith);
    }

    long pid() {
        return process.pid();
    }

    boolean alive() {
        return process.isAlive();
    }

    /** {@code kill -9}; returns when it is gone. */
    void kill() {
        process.destroyForcibly();
        end();
    }

    /** SIGSTOP, SIGCONT and the like. */
    void signal(String name) {
        try {
            int exit = new ProcessBuilder("kill", "-" + name, Long.toString(pid()))
                    .start()
                    .waitFor();
            if (exit != 0) {
                throw new IllegalStateException("kill -" + name + " ended with " + exit);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Waits for its end; the exit code. */
    int end() {
        try {
            if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("does not end: " + this);
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    String out() {
        return read(out);
    }

    String err() {
        return read(err);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return "%s%n%s%n%s".formatted(process.info().commandLine().orElse("process"), out(), err());
    }
}
