package io.nightshift.step.load.read;

import io.nightshift.chunk.Assignment;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The names of the fields of a load's files, frozen with them: a rejected record is read by them when they are gone. */
public final class FileFields {

    private final Assignment assignment;

    public FileFields(Assignment assignment) {
        this.assignment = assignment;
    }

    /** @param fields by the number of the file */
    public void freeze(Connection connection, Map<Integer, List<String>> fields) throws SQLException {
        try (PreparedStatement update =
                connection.prepareStatement("UPDATE %s.file SET fields = ? WHERE run = ? AND step = ? AND file = ?"
                        .formatted(assignment.schema()))) {
            for (Map.Entry<Integer, List<String>> file : fields.entrySet()) {
                update.setArray(
                        1, connection.createArrayOf("text", file.getValue().toArray()));
                update.setLong(2, assignment.run());
                update.setString(3, assignment.step());
                update.setInt(4, file.getKey());
                update.addBatch();
            }
            update.executeBatch();
        }
    }

    /** By the number of the file; nothing for files of a run that is older than this. */
    public Map<Integer, List<String>> frozen(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT file, fields FROM %s.file WHERE run = ? AND step = ? AND fields IS NOT NULL"
                        .formatted(assignment.schema()))) {
            select.setLong(1, assignment.run());
            select.setString(2, assignment.step());
            Map<Integer, List<String>> fields = new HashMap<>();
            try (ResultSet result = select.executeQuery()) {
                while (result.next()) {
                    Array names = result.getArray(2);
                    fields.put(result.getInt(1), List.of((String[]) names.getArray()));
                }
            }
            return fields;
        }
    }
}
