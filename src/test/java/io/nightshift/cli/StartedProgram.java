package io.nightshift.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The program as a process that is under way. */
final class StartedProgram {

    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final Duration LOOK_EVERY = Duration.ofMillis(50);

    /** They halve the time of a start: the tests' machine has few cores, and our own classes need no verification. */
    private static final List<String> QUICK = List.of(
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-XX:+UnlockDiagnosticVMOptions",
            "-XX:-BytecodeVerificationRemote",
            "-Xmx256m");

    private final Process process;
    private final Heard out;
    private final Heard err;

    private StartedProgram(Process process) {
        this.process = process;
        this.out = Heard.from(process.getInputStream());
        this.err = Heard.from(process.getErrorStream());
    }

    /** @param environment beside the test's own, which is cleaned of every setting of ours and of PostgreSQL's */
    static StartedProgram in(Path home, Map<String, String> environment, String... words) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(QUICK);
        command.addAll(List.of("-cp", classPath(), "io.nightshift.Nightshift", "--home", home.toString()));
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command).redirectInput(new File("/dev/null"));
        builder.environment().keySet().removeIf(StartedProgram::isSetting);
        builder.environment().putAll(environment);
        try {
            return new StartedProgram(builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isSetting(String variable) {
        return variable.equals("DATABASE_URL")
                || Stream.of("NIGHTSHIFT_", "PG", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS")
                        .anyMatch(variable::startsWith);
    }

    /** The program and its libraries without the tests. */
    private static String classPath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.contains("test-classes"))
                .collect(Collectors.joining(File.pathSeparator));
    }

    long pid() {
        return process.pid();
    }

    /** Returns as soon as it is so; fails when the process ends before. */
    StartedProgram until(BooleanSupplier so) {
        Instant limit = Instant.now().plus(LIMIT);
        while (!so.getAsBoolean()) {
            assertThat(process.isAlive()).as("still running: %s", this).isTrue();
            assertThat(Instant.now()).as("in time: %s", this).isBefore(limit);
            pause();
        }
        return this;
    }

    /** Returns when this is on its standard error. */
    StartedProgram untilItSays(String text) {
        return until(() -> err.toString().contains(text));
    }

    /** SIGTERM, as init and Ctrl-C's relatives send it. */
    StartedProgram terminate() {
        // Not by the Process, which would close the streams that are still to be read.
        process.toHandle().destroy();
        return this;
    }

    /** {@code kill -9}. */
    ProgramRun kill() {
        process.toHandle().destroyForcibly();
        return end();
    }

    ProgramRun end() {
        try {
            boolean ended = process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS);
            if (!ended) {
                process.destroyForcibly();
            }
            assertThat(ended).as("ends in time: %s", this).isTrue();
            return new ProgramRun(process.exitValue(), out.whole(), err.whole());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String toString() {
        return "%s%n%s%n%s".formatted(process.info().commandLine().orElse("process"), out, err);
    }

    private static void pause() {
        try {
            Thread.sleep(LOOK_EVERY.toMillis());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A stream that is read to its end, beside the test. */
    private record Heard(StringBuffer text, Thread reader) {

        static Heard from(InputStream stream) {
            StringBuffer text = new StringBuffer();
            Thread reader = new Thread(() -> read(stream, text), "listens to a process");
            reader.setDaemon(true);
            reader.start();
            return new Heard(text, reader);
        }

        private static void read(InputStream stream, StringBuffer text) {
            try (var lines = new java.io.InputStreamReader(stream, StandardCharsets.UTF_8)) {
                char[] some = new char[4096];
                for (int count = lines.read(some); count >= 0; count = lines.read(some)) {
                    text.append(some, 0, count);
                }
            } catch (IOException gone) {
                // The process was killed: what it had said is what there is.
            }
        }

        String whole() throws InterruptedException {
            reader.join(LIMIT.toMillis());
            return text.toString();
        }

        @Override
        public String toString() {
            return text.toString();
        }
    }
}
