package io.nightshift.step.export;

import io.nightshift.chunk.Assignment;
import io.nightshift.chunk.Events;
import io.nightshift.job.StepDefinition;
import io.nightshift.problem.ExitCode;
import io.nightshift.problem.ProblemException;
import io.nightshift.prove.WrittenFiles;
import io.nightshift.step.StepContext;
import io.nightshift.step.WholeFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * The file of an export while it grows. The ledger says how many of its bytes count: what lies behind them comes from a
 * chunk that was never committed.
 */
final class ExportFile {

    private final StepContext context;
    private final Assignment assignment;
    private final WholeFile file;
    private final String where;
    private long length = -1;

    ExportFile(StepDefinition.Export step, StepContext context) {
        this.context = context;
        this.assignment = context.environment().assignment();
        this.file = new WholeFile(context.home().resolve(step.file()), assignment.run());
        this.where = step.where();
    }

    /** Bytes that count so far; cuts off what lies behind them when asked for the first time. */
    long length() throws IOException, SQLException {
        if (length < 0) {
            length = committedLength();
            file.prepare();
            if (length > 0 && (!Files.exists(file.part()) || Files.size(file.part()) < length)) {
                throw new ProblemException(
                        ExitCode.FAILED,
                        where,
                        "the unfinished file " + file.part() + " is gone or shorter than what was written",
                        "It cannot be continued; start the export anew: nightshift run " + assignment.job() + " --new");
            }
            try (FileChannel channel =
                    FileChannel.open(file.part(), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                channel.truncate(length);
            }
        }
        return length;
    }

    private long committedLength() throws SQLException {
        try (Connection connection = context.environment().dataSource().getConnection();
                PreparedStatement select = connection.prepareStatement(
                        "SELECT coalesce(max(last_offset), 0) FROM %s.ledger WHERE run = ? AND step = ?"
                                .formatted(assignment.schema()))) {
            select.setLong(1, assignment.run());
            select.setString(2, assignment.step());
            try (ResultSet result = select.executeQuery()) {
                result.next();
                return result.getLong(1);
            }
        }
    }

    /** What was appended last is not counted by the ledger: it is cut off before anything else is written. */
    void rewind() {
        length = -1;
    }

    /** Appends a page and makes it durable, before the ledger counts it. */
    long append(byte[] bytes) throws IOException, SQLException {
        long start = length();
        try (FileChannel channel = FileChannel.open(file.part(), StandardOpenOption.WRITE)) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                channel.write(buffer, start + buffer.position());
            }
            channel.force(false);
        }
        length = start + bytes.length;
        return length;
    }

    /**
     * Gives the file its name; a second call after a crash in between finds it there.
     *
     * @param header what stands in a file without rows
     */
    void publish(byte[] header) throws IOException, SQLException {
        if (committedLength() == 0) {
            length = -1;
            append(header);
        }
        if (Files.exists(file.part())) {
            file.publish();
        }
        try (Connection connection = context.environment().dataSource().getConnection()) {
            new Events(assignment).add(connection, "file", file.file().toString());
            new WrittenFiles(connection, assignment).add(file.file());
        }
    }
}
