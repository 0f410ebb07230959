package io.nightshift.cli.invocation;

import io.nightshift.cli.terminal.Json;
import io.nightshift.content.Home;
import io.nightshift.content.Settings;
import io.nightshift.database.Database;
import io.nightshift.database.Database.Access;
import io.nightshift.problem.ExitCode;
import io.nightshift.problem.Problem;
import io.nightshift.problem.ProblemException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.springframework.dao.DataAccessException;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** What all commands share: the options that each of them has, where answers go, the home and its database. */
public final class Invocation {

    @Option(
            names = "--home",
            paramLabel = "DIR",
            scope = ScopeType.INHERIT,
            description = "The directory with jobs/, mappers/, migrations/ and config/."
                    + " Otherwise NIGHTSHIFT_HOME, otherwise the working directory.")
    private Optional<Path> home = Optional.empty();

    @Option(
            names = "--json",
            scope = ScopeType.INHERIT,
            description = "Answer with one JSON document on stdout, problems included.")
    private boolean json;

    @Option(
            names = "--debug",
            scope = ScopeType.INHERIT,
            description = "Show stack traces on the terminal; the log file has them anyway.")
    private boolean debug;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Show what this command does, and end.")
    private boolean help;

    private final List<String> arguments;
    private final PrintStream out;
    private final PrintStream err;

    public Invocation(List<String> arguments, PrintStream out, PrintStream err) {
        this.arguments = arguments;
        this.out = out;
        this.err = err;
    }

    /** As typed. */
    List<String> arguments() {
        return arguments;
    }

    /** Whether a program reads the answer; known even where the arguments could not be understood. */
    public boolean json() {
        return json || arguments.contains("--json");
    }

    boolean debug() {
        return debug || arguments.contains("--debug");
    }

    /** For progress, and for what concerns the caller but is no answer. */
    public PrintStream err() {
        return err;
    }

    /** The answer: the document for programs, or the text for people. */
    public void answer(Supplier<Map<String, Object>> document, Supplier<String> text) {
        out.println(json() ? Json.write(document.get()) : text.get());
    }

    /** A line of a longer answer; programs get one document at the end instead. */
    public void say(String line) {
        if (!json()) {
            out.println(line);
        }
    }

    public void warn(List<Problem> warnings) {
        warnings.forEach(warning -> err.println("warning: " + warning.text()));
    }

    /** Relative paths that were typed are relative to it. */
    public Path directory() {
        return Path.of("").toAbsolutePath();
    }

    public String who() {
        return System.getProperty("user.name", "unknown");
    }

    /**
     * The home that is worked on.
     *
     * @throws ProblemException when there is no such directory, or one that was named has nothing of a home
     */
    public Home home() {
        Home at = anyHome();
        boolean nothing = at.shipped() && !Files.isDirectory(at.root().resolve("config"));
        if (named().isPresent() && nothing && !Files.isDirectory(at.statePlace())) {
            // The shipped content, and a database for it, would be a strange answer to a slip of the finger.
            throw new ProblemException(
                    ExitCode.USAGE,
                    at.root().toString(),
                    "is no home: it has none of jobs/, mappers/, migrations/ and config/.",
                    "Look at the spelling of --home or NIGHTSHIFT_HOME. Write a new home: nightshift init DIR. Or try"
                            + " the shipped content: nightshift demo");
        }
        return at;
    }

    /** As {@link #home()}, for a command that may begin in an empty directory. */
    public Home anyHome() {
        return Home.at(homeDirectory());
    }

    public Path homeDirectory() {
        return named().orElseGet(this::directory).toAbsolutePath().normalize();
    }

    private Optional<Path> named() {
        if (home.filter(path -> path.toString().isEmpty()).isPresent()) {
            // --home="$HOME_OF_NIGHT" with an empty variable would mean whatever directory one happens to be in.
            throw new ProblemException(
                    ExitCode.USAGE,
                    "--home",
                    "names no directory.",
                    "Write --home DIR, or leave it out for the working directory.");
        }
        return home.or(() -> Optional.ofNullable(System.getenv("NIGHTSHIFT_HOME"))
                .filter(name -> !name.isEmpty())
                .map(Path::of));
    }

    /** Whether there is a database to look at; looking makes none. */
    public boolean hasDatabase(Home at) {
        return Database.exists(at, Settings.of(at));
    }

    /**
     * A task that needs the database and must change nothing in it.
     *
     * @throws ProblemException when there is none yet
     */
    public <T> T looking(Home at, Function<Database, T> task) {
        refuseWithoutDatabase(at);
        return with(at, Access.READ, task);
    }

    /** A task that writes and rolls back. It makes no database, and keeps no log. */
    public <T> T trying(Home at, Function<Database, T> task) {
        refuseWithoutDatabase(at);
        return with(at, Access.WRITE, task);
    }

    private void refuseWithoutDatabase(Home at) {
        if (!hasDatabase(at)) {
            throw new ProblemException(
                    ExitCode.USAGE,
                    at.root().toString(),
                    "this home has no database yet, and looking makes none.",
                    "The first run makes one, and migrate up does: nightshift migrate up. For a database of your own set"
                            + " DATABASE_URL or nightshift.database.url.");
        }
    }

    /** A task that writes. From here on the log file is kept. */
    public <T> T writing(Home at, Function<Database, T> task) {
        LogFile.open(at.state());
        return with(at, Access.WRITE, task);
    }

    /** The same, for one that writes into Nightshift's own tables only; they are made if they are not there. */
    public <T> T noting(Home at, Function<Database, T> task) {
        return writing(at, database -> {
            database.createOwnTables();
            return task.apply(database);
        });
    }

    private <T> T with(Home at, Access access, Function<Database, T> task) {
        try (Database database = Database.open(at, Settings.of(at), access)) {
            try {
                return task.apply(database);
            } catch (DataAccessException failure) {
                throw sqlCause(failure)
                        .map(database::problem)
                        .<RuntimeException>map(known -> known)
                        .orElse(failure);
            }
        }
    }

    private static Optional<SQLException> sqlCause(Throwable failure) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                .filter(SQLException.class::isInstance)
                .map(SQLException.class::cast)
                .findFirst();
    }
}
