package io.nightshift.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code nightshift}, with a Java and a Maven that only say how they were called. */
class LauncherTest {

    @TempDir
    Path directory;

    private Path clone;
    private Path builds;
    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void aCloneThatNobodyHasBuilt() throws IOException {
        clone = Files.createDirectory(directory.resolve("clone"));
        builds = directory.resolve("builds");
        Files.copy(Path.of("nightshift"), clone.resolve("nightshift"));
        clone.resolve("nightshift").toFile().setExecutable(true);
        Files.createDirectories(clone.resolve("src/main"));
        Files.writeString(clone.resolve("pom.xml"), "<project/>");
        maven("sleep 1");
        java("17.0.15");
        environment.put("PATH", System.getenv("PATH"));
        environment.put("JAVA_HOME", directory.resolve("jdk").toString());
    }

    @Test
    void theFirstStartBuildsAndTheNextOneDoesNot() throws IOException {
        ScriptRun first = launch("status", "--json");
        ScriptRun second = launch("run", "x y", "a=*");

        assertThat(first.out()).endsWith("<status> <--json>\n").contains("<-XX:TieredStopAtLevel=1>");
        assertThat(first.exit()).isEqualTo(7);
        assertThat(first.err()).isEmpty();
        assertThat(second.out()).endsWith("<run> <x y> <a=*>\n").doesNotContain("TieredStopAtLevel");
        assertThat(second.out()).contains("<-XX:SharedArchiveFile=");
        assertThat(builds).hasContent("built");
    }

    @Test
    void aNewerSourceIsBuiltOnceThoughItIsOfTomorrowAndTheOldApplicationIsRemoved() throws IOException {
        launch("status");
        Files.setLastModifiedTime(
                clone.resolve("pom.xml"), FileTime.from(Instant.now().plusSeconds(60)));

        launch("status");
        launch("status");

        assertThat(Files.readString(builds)).isEqualTo("built\nbuilt\n");
        try (var left = Files.list(clone.resolve("target/launcher"))) {
            assertThat(left.map(file -> file.getFileName().toString().replaceFirst("-.*", "")))
                    .containsExactlyInAnyOrder("app", "current", "build.log", "archive.log");
        }
    }

    @Test
    void twoAtOnceBuildOnce() throws IOException {
        Process one = ScriptRun.start(clone.resolve("nightshift"), directory, environment, "one");
        Process two = ScriptRun.start(clone.resolve("nightshift"), directory, environment, "two");

        assertThat(ScriptRun.of(one).out()).endsWith("<one>\n");
        assertThat(ScriptRun.of(two).out()).endsWith("<two>\n");
        assertThat(builds).hasContent("built");
    }

    @Test
    void theLockOfABuilderThatIsGoneIsTakenOver() throws IOException {
        Files.createDirectories(clone.resolve("target/launcher"));
        Files.createSymbolicLink(clone.resolve("target/launcher/lock"), Path.of("999999999"));

        ScriptRun run = launch("status");

        assertThat(run.exit()).isEqualTo(7);
        assertThat(clone.resolve("target/launcher/lock")).doesNotExist();
    }

    @Test
    void aBuildThatFailsIsShownAndNothingIsStarted() {
        maven("echo '[ERROR] line 1 is wrong'; exit 1");

        ScriptRun run = launch("status");

        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .isEqualTo(
                        """
                [ERROR] line 1 is wrong
                nightshift: the build failed
                  Its output is above and in %s. Nothing was started.
                """
                                .formatted(real(clone).resolve("target/launcher/build.log")));
    }

    @Test
    void itIsFoundThroughLinksFromAnywhere() throws IOException {
        Path links = Files.createDirectory(directory.resolve("links"));
        Files.createSymbolicLink(links.resolve("first"), Path.of("../clone/nightshift"));
        Files.createSymbolicLink(links.resolve("second"), Path.of("first"));

        ScriptRun run = ScriptRun.of(links.resolve("second"), Path.of("/"), environment, "status");

        assertThat(run.out()).contains(real(clone) + "/target/launcher/app-").endsWith("<status>\n");
    }

    @Test
    void anOldJavaIsNamed() {
        java("11.0.2");

        ScriptRun run = launch("status");

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err())
                .isEqualTo(
                        """
                nightshift: %s is Java 11.0.2; 17 is the oldest that will do
                  Install a JDK 17 or newer and put it on the PATH, or set JAVA_HOME to it.
                """
                                .formatted(directory.resolve("jdk/bin/java")));
    }

    @Test
    void optionsForJavaAreHandedOver() {
        environment.put("NIGHTSHIFT_JAVA_OPTS", "-Xmx2g -Da=b");

        assertThat(launch("status").out()).contains("<-Xmx2g> <-Da=b>");
    }

    private ScriptRun launch(String... arguments) {
        return ScriptRun.of(clone.resolve("nightshift"), directory, environment, arguments);
    }

    private void maven(String first) {
        ScriptRun.write(
                clone.resolve("mvnw"),
                """
                #!/bin/sh
                %s
                for option; do case $option in -Doutput.directory=*) to=${option#*=} ;; esac; done
                echo built >> '%s'
                touch "$to/nightshift-1.jar"
                """
                        .formatted(first, builds));
    }

    /** Extracts and archives as the real one would, and else ends with 7. */
    private void java(String version) {
        ScriptRun.write(
                directory.resolve("jdk/bin/java"),
                """
                #!/bin/sh
                case "$*" in
                    *jarmode*)
                        for last; do :; done
                        mkdir "$last" && touch "$last/nightshift-1.jar"
                        exit
                        ;;
                    *ArchiveClassesAtExit*)
                        echo classes > "${1#*=}"
                        exit
                        ;;
                esac
                printf '<%s>' "$1"
                shift
                printf ' <%s>' "$@"
                echo
                exit 7
                """);
        ScriptRun.write(directory.resolve("jdk/release"), "JAVA_VERSION=\"" + version + "\"\n");
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
