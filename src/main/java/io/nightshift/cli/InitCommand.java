package io.nightshift.cli;

import io.nightshift.cli.invocation.Invocation;
import io.nightshift.cli.terminal.Json;
import io.nightshift.content.ContentFile;
import io.nightshift.content.ShippedHome;
import io.nightshift.problem.ExitCode;
import io.nightshift.problem.Problems;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "init", description = "Writes a new home: a directory whose content is what runs at night.")
final class InitCommand implements Callable<Integer> {

    private static final List<String> FOLDERS = List.of("jobs", "mappers", "migrations", "config");

    private final Invocation invocation;

    @Parameters(arity = "0..1", paramLabel = "DIR", description = "Where; otherwise the home that --home names.")
    private Optional<Path> directory = Optional.empty();

    @ArgGroup
    private Kind kind = new Kind();

    /** Either of the two. */
    static final class Kind {
        @Option(
                names = "--model",
                description = "With the model's tables and jobs, to try and to change (the default).")
        private boolean model;

        @Option(names = "--empty", description = "With empty folders.")
        private boolean empty;
    }

    InitCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        Path home = directory
                .map(typed -> invocation.directory().resolve(typed).normalize())
                .orElseGet(invocation::homeDirectory);
        refuseIfTaken(home);
        List<ContentFile> files = kind.empty ? empty() : ShippedHome.files();
        try {
            for (ContentFile file : files) {
                write(home.resolve(file.where()), file.text());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        invocation.answer(
                () -> Json.document(
                        "home",
                        home.toString(),
                        "files",
                        files.stream().map(ContentFile::where).toList()),
                () -> text(home));
        return ExitCode.DONE.code();
    }

    private static void refuseIfTaken(Path home) {
        Problems problems = new Problems();
        if (Files.exists(home) && !Files.isDirectory(home)) {
            problems.add(home.toString(), "is a file; a home is a directory.", "Name another directory.");
        }
        FOLDERS.stream()
                .filter(folder -> Files.exists(home.resolve(folder)))
                .forEach(folder -> problems.add(
                        home.resolve(folder).toString(),
                        "is there already; nothing was written.",
                        "Name another directory, or move this one away."));
        problems.throwIfAny(ExitCode.USAGE);
    }

    private static List<ContentFile> empty() {
        return Stream.concat(
                        Stream.of(ShippedHome.settings()),
                        Stream.of(
                                readme("jobs", "One YAML file per job: jobs/<verb>-<what>.yml."),
                                readme(
                                        "mappers",
                                        "MyBatis XML: every statement that touches your data, one file per table."),
                                readme(
                                        "migrations",
                                        "Flyway SQL for your schema: V001__what_it_does.sql, and U001__... that takes it back.")))
                .toList();
    }

    private static ContentFile readme(String folder, String line) {
        return new ContentFile(folder + "/README.md", line + System.lineSeparator());
    }

    /** Nobody else may write into a home, whatever the umask: whoever does runs SQL as us. */
    private static void write(Path file, String text) throws IOException {
        boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
        if (posix) {
            Files.createDirectories(
                    file.getParent(),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        } else {
            Files.createDirectories(file.getParent());
        }
        Files.writeString(file, text, StandardOpenOption.CREATE_NEW);
        if (posix) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        }
    }

    private String text(Path home) {
        String first = kind.empty
                ? "  put migrations, mappers and jobs into it, then:"
                : "  try what is in it (without a DATABASE_URL, on a PostgreSQL of its own):";
        String run = kind.empty ? "nightshift run JOB" : "nightshift run sample-data && nightshift run nightly";
        return """
                %s is a home now. Next:
                  cd %s
                %s
                    nightshift migrate up
                    nightshift check
                    %s"""
                .formatted(home, home, first, run);
    }
}
