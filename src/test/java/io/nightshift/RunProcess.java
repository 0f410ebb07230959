package io.nightshift;

import io.nightshift.content.Home;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** A process of its own that runs a job, so that a test can kill it. */
public final class RunProcess {

    private RunProcess() {}

    public static void main(String[] arguments) {
        TestRun.of(Home.at(Path.of(arguments[0])), arguments[1]);
    }

    /** Starts it; the caller ends it. */
    public static Process start(Home home, String job) {
        try {
            return new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            RunProcess.class.getName(),
                            home.root().toString(),
                            job)
                    .redirectErrorStream(true)
                    .redirectOutput(home.root().resolve("process.log").toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
