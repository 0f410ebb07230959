package io.nightshift.content;

import io.nightshift.problem.ExitCode;
import io.nightshift.problem.ProblemException;
import io.nightshift.problem.Problems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The directory whose {@code jobs/}, {@code mappers/}, {@code migrations/} and {@code config/} are what runs at night.
 *
 * <p>A directory that has none of the first three works with the content that is shipped with the program. One that has
 * some of them has exactly those: the two are never mixed.
 */
public final class Home {

    private static final String MIGRATIONS = "migrations";

    private final Path root;
    private final ContentSource content;
    private final boolean shipped;
    private @Nullable Settings settings;

    private Home(Path root) {
        this.root = root;
        this.shipped = Stream.of("jobs", "mappers", MIGRATIONS).noneMatch(folder -> Files.exists(root.resolve(folder)));
        this.content = shipped ? new ShippedContent() : new DirectoryContent(root);
    }

    /**
     * The home at a directory that exists.
     *
     * @throws ProblemException when there is no such directory
     */
    public static Home at(Path root) {
        Path absolute = root.toAbsolutePath().normalize();
        if (!Files.isDirectory(absolute)) {
            throw new ProblemException(
                    ExitCode.USAGE,
                    absolute.toString(),
                    Files.exists(absolute) ? "is a file; a home is a directory." : "there is no such directory.",
                    "Name a home with --home DIR or NIGHTSHIFT_HOME, or write a new one: nightshift init DIR");
        }
        return new Home(absolute);
    }

    public Path root() {
        return root;
    }

    /** Whether the content is the one shipped with the program. */
    public boolean shipped() {
        return shipped;
    }

    /** Where the embedded database, logs and locks live; made on first use, readable by nobody else. */
    public Path state() {
        return PrivateDirectory.create(statePlace());
    }

    /** Where the state is or would be; makes nothing. */
    public Path statePlace() {
        return resolve(settings().read("nightshift", HomeSettings.class).state());
    }

    /** Where the files of a job's reports and exports go. */
    public Path reports(String job) {
        return root.resolve("reports").resolve(job);
    }

    /** Where purges and loads leave what they were told to keep. */
    public Path archive() {
        return root.resolve("archive");
    }

    /** The files directly in {@code jobs/} that end with .yml or .yaml, sorted by name. */
    public List<ContentFile> jobs() {
        return content.files(
                "jobs", path -> path.indexOf('/') < 0 && (path.endsWith(".yml") || path.endsWith(".yaml")));
    }

    /** The files in and below {@code mappers/} that end with .xml, sorted by path. */
    public List<ContentFile> mappers() {
        return content.files("mappers", path -> path.endsWith(".xml"));
    }

    /** The files in and below {@code migrations/} that end with .sql, sorted by path. */
    public List<ContentFile> migrations() {
        return content.files(MIGRATIONS, path -> path.endsWith(".sql"));
    }

    /** Where Flyway finds the migrations. */
    public String migrationsLocation() {
        return shipped ? "classpath:" + ShippedContent.ROOT + MIGRATIONS : "filesystem:" + root.resolve(MIGRATIONS);
    }

    /** A path as written in YAML: an absolute one stays, a relative one is the home's. */
    public Path resolve(String pathInYaml) {
        return root.resolve(pathInYaml).normalize();
    }

    /** Adds a problem for everything here that another user could change: whoever writes a job runs SQL as us. */
    public void refuseIfOthersCanWrite(Problems problems) {
        new WritableByOthers(root).report(problems);
    }

    /** Read once: the home's own folder and every package ask for them. */
    synchronized Settings settings() {
        if (settings == null) {
            settings = Settings.read(root);
        }
        return settings;
    }
}
