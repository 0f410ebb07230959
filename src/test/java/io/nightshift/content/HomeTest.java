package io.nightshift.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.nightshift.problem.Problem;
import io.nightshift.problem.ProblemException;
import io.nightshift.problem.Problems;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HomeTest {

    @TempDir
    Path root;

    @Test
    void aDirectoryWithoutContentWorksWithWhatIsShipped() throws IOException {
        Files.createDirectories(root.resolve("config"));
        Home home = Home.at(root);
        assertThat(home.shipped()).isTrue();
        assertThat(home.migrationsLocation()).isEqualTo("classpath:io/nightshift/home/migrations");
        assertThat(new ShippedContent().files("config", path -> true))
                .extracting(ContentFile::where)
                .containsExactly("config/application.yml");
    }

    @Test
    void aDirectoryWithSomeContentHasNothingElse() throws IOException {
        file("mappers/users.xml", "<users/>");
        file("mappers/old/posts.xml", "<posts/>");
        file("mappers/readme.txt", "");
        file("mappers/.users.xml", "");
        Home home = Home.at(root);
        assertThat(home.shipped()).isFalse();
        assertThat(home.jobs()).isEmpty();
        assertThat(home.migrations()).isEmpty();
        assertThat(home.mappers())
                .containsExactly(
                        new ContentFile("mappers/old/posts.xml", "<posts/>"),
                        new ContentFile("mappers/users.xml", "<users/>"));
        assertThat(home.migrationsLocation()).isEqualTo("filesystem:" + root.resolve("migrations"));
    }

    @Test
    void jobsLieDirectlyInTheirFolder() throws IOException {
        file("jobs/b-b.yml", "\uFEFFb: 1");
        file("jobs/a-a.yaml", "a");
        file("jobs/job.schema.json", "{}");
        file("jobs/old/c-c.yml", "c");
        assertThat(Home.at(root).jobs())
                .containsExactly(new ContentFile("jobs/a-a.yaml", "a"), new ContentFile("jobs/b-b.yml", "b: 1"));
    }

    @Test
    void textThatIsNotUtf8IsRefusedWithItsLine() throws IOException {
        Files.write(
                Files.createDirectories(root.resolve("jobs")).resolve("a-a.yml"),
                "a: 1\nb: é".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(catchThrowableOfType(
                                ProblemException.class, () -> Home.at(root).jobs())
                        .problems())
                .containsExactly(
                        new Problem("jobs/a-a.yml:2", "is not UTF-8 from byte 8 on.", "Save the file as UTF-8."));
    }

    @Test
    void aHomeThatIsNotThereIsRefused() {
        Path missing = root.resolve("missing");
        assertThat(catchThrowableOfType(ProblemException.class, () -> Home.at(missing))
                        .problems())
                .containsExactly(new Problem(
                        missing.toString(),
                        "there is no such directory.",
                        "Name a home with --home DIR or NIGHTSHIFT_HOME, or write a new one: nightshift init DIR"));
    }

    @Test
    void theStateIsMadeOnDemandForUsAlone() throws IOException {
        assumeTrue(FileSystems.getDefault().supportedFileAttributeViews().contains("posix"), "needs access rights");
        file("config/application.yml", "nightshift: {state: deep/state}\n");
        Home home = Home.at(root);
        assertThat(root.resolve("deep")).doesNotExist();
        assertThat(home.state()).isEqualTo(root.resolve("deep/state"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.state())))
                .isEqualTo("rwx------");
    }

    @Test
    void pathsInYamlAreTheHomes() {
        Home home = Home.at(root);
        assertThat(home.resolve("in/../x.csv")).isEqualTo(root.resolve("x.csv"));
        assertThat(home.resolve("/x.csv")).isEqualTo(Path.of("/x.csv"));
        assertThat(home.reports("report-it")).isEqualTo(root.resolve("reports/report-it"));
        assertThat(home.archive()).isEqualTo(root.resolve("archive"));
    }

    @Test
    void whatOthersCanChangeIsNamed() throws IOException {
        assumeTrue(FileSystems.getDefault().supportedFileAttributeViews().contains("posix"), "needs access rights");
        Path job = file("jobs/a-a.yml", "a");
        Files.setPosixFilePermissions(job, PosixFilePermissions.fromString("rw-r--rw-"));
        Problems problems = new Problems();
        Home.at(root).refuseIfOthersCanWrite(problems);
        assertThat(problems.all())
                .containsExactly(new Problem(
                        "jobs/a-a.yml",
                        "can be changed by other users (rw-r--rw-).",
                        "Whoever changes it runs SQL in your name. Take the right away: chmod go-w " + job));
    }

    @Test
    void whatIsShippedIsFoundInAJarWithoutDirectoryEntries() throws Exception {
        Path jar = root.resolve("app.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            for (String name : List.of("config/application.yml", "jobs/b-b.yml", "jobs/a-a.yml", "mappers/x.xml")) {
                out.putNextEntry(new JarEntry(ShippedContent.ROOT + name));
                out.write(name.getBytes(StandardCharsets.UTF_8));
            }
        }
        try (URLClassLoader program = new URLClassLoader(new URL[] {jar.toUri().toURL()}, null)) {
            assertThat(new ShippedContent(program).files("jobs", path -> path.endsWith(".yml")))
                    .containsExactly(
                            new ContentFile("jobs/a-a.yml", "jobs/a-a.yml"),
                            new ContentFile("jobs/b-b.yml", "jobs/b-b.yml"));
        }
    }

    private Path file(String name, String text) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }
}
