package io.nightshift.step.load.read;

import io.nightshift.chunk.Assignment;
import io.nightshift.content.Home;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What comes in through a pipe can be read once; a copy in the state directory can be hashed, and read on from. */
public final class StandardInput {

    /** Stands for it among the files of a load; a file of that name is written {@code ./-}. */
    public static final Path MARK = Path.of("-");

    private static final Pattern OF_RUN = Pattern.compile("(\\d+)-.*");

    private final Path folder;
    private final Assignment assignment;

    StandardInput(Home home, Assignment assignment) {
        this.folder = home.state().resolve("spool");
        this.assignment = assignment;
    }

    /** Copies it, and takes away the copies that no run needs any more. */
    Path spool(Connection connection) throws SQLException, IOException {
        Files.createDirectories(folder);
        removeWhatIsDone(connection);
        Path whole = folder.resolve(assignment.run() + "-" + assignment.step());
        Path part = folder.resolve(whole.getFileName() + ".part");
        long bytes = Files.copy(System.in, part, StandardCopyOption.REPLACE_EXISTING);
        // A second attempt of this process finds nothing more in the pipe: what it needs is here already.
        if (bytes == 0 && Files.exists(whole)) {
            Files.delete(part);
            return whole;
        }
        return Files.move(part, whole, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    private void removeWhatIsDone(Connection connection) throws SQLException, IOException {
        List<Path> copies = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            files.forEach(copies::add);
        }
        for (Path copy : copies) {
            Matcher name = OF_RUN.matcher(copy.getFileName().toString());
            if (name.matches() && isDone(connection, Long.parseLong(name.group(1)))) {
                Files.deleteIfExists(copy);
            }
        }
    }

    private boolean isDone(Connection connection, long run) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("SELECT 1 FROM %s.run WHERE run = ? AND state IN ('COMPLETED', 'ABANDONED')"
                        .formatted(assignment.schema()))) {
            select.setLong(1, run);
            try (ResultSet result = select.executeQuery()) {
                return result.next();
            }
        }
    }
}
