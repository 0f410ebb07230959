package io.nightshift.step.load.read;

import io.nightshift.chunk.Assignment;
import io.nightshift.job.StepDefinition;
import io.nightshift.problem.ExitCode;
import io.nightshift.problem.ProblemException;
import io.nightshift.prove.FileHash;
import io.nightshift.step.StepContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Freezes the files of a load into its run: which they are, in which order, and what is in them. */
public final class InputFiles {

    private final StepDefinition.Load step;
    private final StepContext context;
    private final Assignment assignment;

    public InputFiles(StepDefinition.Load step, StepContext context) {
        this.step = step;
        this.context = context;
        this.assignment = context.environment().assignment();
    }

    /** Finds the files and reads them for their hashes, which may take its time; their order is that of loading. */
    public List<InputFile> found() throws SQLException, IOException {
        List<InputFile> files = new ArrayList<>();
        for (Path found : new FilePatterns(context.home()).find(step.from(), step.firstFrom())) {
            Path path = found.equals(StandardInput.MARK) ? spooled() : found;
            String hash = FileHash.of(path);
            boolean skipped = loadedBefore(path, hash);
            files.add(new InputFile(files.size() + 1, path, Files.size(path), hash, skipped));
        }
        if (files.isEmpty()) {
            throw new ProblemException(
                    ExitCode.USAGE,
                    step.where() + ".from",
                    "no file matches " + String.join(", ", step.from()),
                    "Look at the path; a relative one in a job file is the home's, on the command line the caller's.");
        }
        return files;
    }

    private Path spooled() throws SQLException, IOException {
        try (Connection connection = context.environment().dataSource().getConnection()) {
            return new StandardInput(context.home(), assignment).spool(connection);
        }
    }

    /** The files as they lie there now, for a plan: not hashed, none left out, standard input left alone. */
    public List<InputFile> listed() throws IOException {
        List<InputFile> files = new ArrayList<>();
        for (Path path : new FilePatterns(context.home()).find(step.from(), step.firstFrom())) {
            if (!path.equals(StandardInput.MARK)) {
                files.add(new InputFile(files.size() + 1, path, Files.size(path), "", false));
            }
        }
        return files;
    }

    private boolean loadedBefore(Path path, String hash) throws SQLException {
        if (step.loadedBefore() == StepDefinition.LoadedBefore.LOAD) {
            return false;
        }
        Optional<Long> earlier = earlierRun(hash);
        if (earlier.isPresent() && step.loadedBefore() == StepDefinition.LoadedBefore.REFUSE) {
            throw new ProblemException(
                    ExitCode.REFUSED,
                    path.toString(),
                    "the same content was loaded before, by run " + earlier.get(),
                    "Nothing was loaded. To load it again write \"loaded-before: load\" in the step, to leave it out"
                            + " \"skip\".");
        }
        return earlier.isPresent();
    }

    /** The run may have failed behind the load and been abandoned: what the load committed is there all the same. */
    private Optional<Long> earlierRun(String hash) throws SQLException {
        try (Connection connection = context.environment().dataSource().getConnection();
                PreparedStatement select = connection.prepareStatement(
                        """
                SELECT f.run
                FROM %1$s.file f
                  JOIN %1$s.run r ON r.run = f.run
                WHERE f.hash = ?
                  AND f.step = ?
                  AND r.job = ?
                  AND r.run <> ?
                  AND NOT f.skipped
                  AND (
                    r.state = 'COMPLETED'
                    OR EXISTS (
                      SELECT
                      FROM %1$s.step s
                      WHERE s.run = f.run
                        AND s.step = f.step
                        AND s.state = 'COMPLETED'))
                ORDER BY f.run DESC
                LIMIT 1"""
                                .formatted(assignment.schema()))) {
            select.setString(1, hash);
            select.setString(2, assignment.step());
            select.setString(3, assignment.job());
            select.setLong(4, assignment.run());
            try (ResultSet result = select.executeQuery()) {
                return result.next() ? Optional.of(result.getLong(1)) : Optional.empty();
            }
        }
    }

    /** Writes them down. */
    public void freeze(Connection connection, List<InputFile> files) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO %s.file (run, step, file, path, size, hash, skipped) VALUES (?, ?, ?, ?, ?, ?, ?)"
                        .formatted(assignment.schema()))) {
            for (InputFile file : files) {
                insert.setLong(1, assignment.run());
                insert.setString(2, assignment.step());
                insert.setInt(3, file.number());
                insert.setString(4, file.path().toString());
                insert.setLong(5, file.size());
                insert.setString(6, file.hash());
                insert.setBoolean(7, file.skipped());
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    /** The files as they were frozen, none before; refuses to go on when one of them has changed. */
    public List<InputFile> frozen() throws SQLException, IOException {
        List<InputFile> files = written();
        for (InputFile file : files) {
            refuseIfChanged(file);
        }
        return files;
    }

    /** The files as they were frozen, whatever became of them. */
    public List<InputFile> written() throws SQLException {
        List<InputFile> files = new ArrayList<>();
        try (Connection connection = context.environment().dataSource().getConnection();
                PreparedStatement select = connection.prepareStatement(
                        "SELECT file, path, size, hash, skipped FROM %s.file WHERE run = ? AND step = ? ORDER BY file"
                                .formatted(assignment.schema()))) {
            select.setLong(1, assignment.run());
            select.setString(2, assignment.step());
            try (ResultSet result = select.executeQuery()) {
                while (result.next()) {
                    files.add(new InputFile(
                            result.getInt(1),
                            Path.of(result.getString(2)),
                            result.getLong(3),
                            result.getString(4),
                            result.getBoolean(5)));
                }
            }
        }
        return files;
    }

    /** Whether it is there with the content it had. */
    static boolean isUnchanged(InputFile file) throws IOException {
        return Files.isRegularFile(file.path())
                && Files.size(file.path()) == file.size()
                && FileHash.of(file.path()).equals(file.hash());
    }

    private void refuseIfChanged(InputFile file) throws IOException {
        if (!isUnchanged(file)) {
            throw new ProblemException(
                    ExitCode.REFUSED,
                    file.path().toString(),
                    "has changed or is gone since run " + assignment.run() + " began to load it",
                    "What was committed stays. Put the file back and resume, or start anew: nightshift run "
                            + assignment.job() + " --new");
        }
    }
}
