package io.nightshift.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code mvnw}, with an archive of our own behind a {@code file:} URL. */
class MavenScriptTest {

    private static final Path SCRIPT = Path.of("mvnw").toAbsolutePath();

    @TempDir
    Path directory;

    private Path programs;
    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void aMachineWithAJdkAndNoMaven() {
        programs = ScriptRun.only(
                directory.resolve("bin"),
                ("sh sed head cut tar gzip cp mv rm mkdir mktemp cat sha512sum shasum openssl dirname".split(" ")));
        environment.put("PATH", programs.toString());
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.put("MAVEN_USER_HOME", directory.resolve("kept").toString());
        environment.put(
                "MAVEN_ARCHIVE", directory.resolve("archive").toUri().toString().replaceAll("/$", ""));
    }

    @Test
    void aGoodMavenOnThePathIsTaken() {
        maven("Apache Maven 3.8.7 (b89d5959fcde851dcb1c8946a785a163f14e1e29)");

        ScriptRun run = ScriptRun.of(SCRIPT, directory, environment, "-B", "verify");

        assertThat(run.out()).isEqualTo("maven of the path: -B verify\n");
        assertThat(run.exit()).isEqualTo(3);
    }

    @Test
    void whatIsFetchedRunsWhenItsChecksumIsRight() throws Exception {
        maven("Apache Maven 3.6.3");
        Path script = scriptThatExpects(archive());

        ScriptRun first = ScriptRun.of(script, directory, environment, "verify");
        Files.delete(directory.resolve("archive/maven-3/3.9.11/binaries/apache-maven-3.9.11-bin.tar.gz"));
        ScriptRun second = ScriptRun.of(script, directory, environment, "package");

        assertThat(first.out()).isEqualTo("maven of the archive: verify\n");
        assertThat(second.out()).isEqualTo("maven of the archive: package\n");
        assertThat(directory.resolve("kept/pinned")).isDirectoryNotContaining("glob:**/part.*");
    }

    @Test
    void whatHasAnotherChecksumIsThrownAway() throws Exception {
        archive();

        ScriptRun run = ScriptRun.of(SCRIPT, directory, environment, "verify");

        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .contains("apache-maven-3.9.11-bin.tar.gz gave is not Maven 3.9.11: its SHA-512 is ")
                .contains("It was thrown away and nothing of it has run.");
        assertThat(directory.resolve("kept/pinned")).isEmptyDirectory();
    }

    @Test
    void anArchiveThatCannotBeReachedIsNamed() {
        ScriptRun run = ScriptRun.of(SCRIPT, directory, environment, "verify");

        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.err())
                .contains("mvnw: Maven 3.9.11 could not be fetched from file:///")
                .contains("Install Maven 3.8 or newer, or set MAVEN_ARCHIVE");
    }

    @Test
    void withoutACompilerItSaysWhatToInstall() {
        environment.put("JAVA_HOME", directory.toString());

        ScriptRun run = ScriptRun.of(SCRIPT, directory, environment, "verify");

        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.err()).contains("there is no Java compiler", "Install a JDK 17 or newer");
    }

    private void maven(String version) {
        ScriptRun.write(
                programs.resolve("mvn"),
                """
                #!/bin/sh
                if [ "$1" = --version ]; then printf '\\033[1m%%s\\033[m\\n' '%s'; exit; fi
                echo "maven of the path: $*"
                exit 3
                """
                        .formatted(version));
    }

    /** A Maven that only says how it was called, packed as the real one is. */
    private Path archive() throws Exception {
        ScriptRun.write(
                directory.resolve("packing/apache-maven-3.9.11/bin/mvn"),
                "#!/bin/sh\necho \"maven of the archive: $*\"\n");
        Path file = directory.resolve("archive/maven-3/3.9.11/binaries/apache-maven-3.9.11-bin.tar.gz");
        Files.createDirectories(file.getParent());
        int exit = new ProcessBuilder(
                        "tar",
                        "-czf",
                        file.toString(),
                        "-C",
                        directory.resolve("packing").toString(),
                        "apache-maven-3.9.11")
                .inheritIO()
                .start()
                .waitFor();
        assertThat(exit).isZero();
        return file;
    }

    private Path scriptThatExpects(Path archive) throws Exception {
        String checksum =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-512").digest(Files.readAllBytes(archive)));
        String text = Files.readString(SCRIPT).replaceFirst("(?m)^checksum=.*$", "checksum=" + checksum);
        return ScriptRun.write(directory.resolve("mvnw"), text);
    }
}
