package io.nightshift.prove;

import io.nightshift.chunk.Assignment;
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

/** The files that a step has written: what they were like then, and whether they still are. */
public final class WrittenFiles {

    private final Connection connection;
    private final Assignment assignment;

    public WrittenFiles(Connection connection, Assignment assignment) {
        this.connection = connection;
        this.assignment = assignment;
    }

    /** What a file was when it got its name. */
    private record Written(Path path, long size, String hash, Optional<Long> replacedBy) {}

    /** Writes down what the file is like now, in the connection's transaction. */
    public void add(Path file) throws SQLException, IOException {
        try (PreparedStatement insert = connection.prepareStatement(
                """
                INSERT INTO %s.written_file (run, step, path, size, hash)
                VALUES (?, ?, ?, ?, ?)
                ON CONFLICT (run, step, path) DO UPDATE
                SET size = EXCLUDED.size,
                  hash = EXCLUDED.hash,
                  at = EXCLUDED.at"""
                        .formatted(assignment.schema()))) {
            insert.setLong(1, assignment.run());
            insert.setString(2, assignment.step());
            insert.setString(3, file.toString());
            insert.setLong(4, Files.size(file));
            insert.setString(5, FileHash.of(file));
            insert.executeUpdate();
        }
    }

    /**
     * Looks whether they have their bytes still.
     *
     * @param expected how many there must be
     */
    public void prove(Proof proof, int expected) throws SQLException, IOException {
        int before = proof.findings().size();
        int looked = 0;
        List<Written> files = all();
        if (files.size() < expected) {
            proof.unseen(
                    "of %d files it has written, the hash was not written down".formatted(expected - files.size()));
        }
        for (Written file : files) {
            if (file.replacedBy().isPresent()) {
                proof.unseen("%s: run %d has written it anew"
                        .formatted(file.path(), file.replacedBy().get()));
                continue;
            }
            looked++;
            if (!Files.isRegularFile(file.path())) {
                proof.broken(file.path().toString(), "is gone since the step wrote it");
            } else if (Files.size(file.path()) != file.size()
                    || !FileHash.of(file.path()).equals(file.hash())) {
                proof.broken(
                        file.path().toString(),
                        "is not the file that the step wrote: it had %,d bytes and the SHA-256 %s"
                                .formatted(file.size(), file.hash()));
            }
        }
        if (looked > 0 && proof.findings().size() == before) {
            proof.held("%d written file%s as %s when written"
                    .formatted(looked, looked == 1 ? " is" : "s are", looked == 1 ? "it was" : "they were"));
        }
    }

    private List<Written> all() throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                """
                SELECT w.path, w.size, w.hash,
                  (SELECT max(l.run) FROM %1$s.written_file l WHERE l.path = w.path AND l.at > w.at) AS replaced
                FROM %1$s.written_file w
                WHERE w.run = ?
                  AND w.step = ?
                ORDER BY w.path"""
                        .formatted(assignment.schema()))) {
            select.setLong(1, assignment.run());
            select.setString(2, assignment.step());
            try (ResultSet row = select.executeQuery()) {
                List<Written> files = new ArrayList<>();
                while (row.next()) {
                    files.add(new Written(
                            Path.of(row.getString(1)),
                            row.getLong(2),
                            row.getString(3),
                            Optional.ofNullable(row.getObject(4, Long.class))));
                }
                return files;
            }
        }
    }
}
