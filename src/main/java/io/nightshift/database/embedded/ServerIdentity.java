package io.nightshift.database.embedded;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;

/** Makes sure that the server that answers is the one of this folder: every database cluster has a number of its own. */
record ServerIdentity(ServerFolder folder) {

    void check(int port) {
        Properties properties = new Properties();
        properties.put("user", ServerFolder.ROLE);
        properties.put("password", folder.password(ServerFolder.ROLE));
        properties.put("sslmode", "disable");
        String url = "jdbc:postgresql://127.0.0.1:%d/%s".formatted(port, ServerFolder.DATABASE);
        try (Connection connection = DriverManager.getConnection(url, properties);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT system_identifier FROM pg_control_system()")) {
            row.next();
            if (row.getLong(1) != written()) {
                throw foreign(port, "another database than this folder's answers");
            }
        } catch (SQLException | IOException e) {
            throw foreign(port, String.valueOf(e.getMessage()).replaceAll("\\s*\\R\\s*", " "));
        }
    }

    /** The first eight bytes of the control file, in the machine's own order. */
    private long written() throws IOException {
        byte[] bytes = new byte[Long.BYTES];
        try (DataInputStream file =
                new DataInputStream(Files.newInputStream(folder.data().resolve("global/pg_control")))) {
            file.readFully(bytes);
        }
        return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).getLong();
    }

    private RuntimeException foreign(int port, String why) {
        return EmbeddedProblem.at(
                folder.path(),
                "the server on port %d is not usable as this folder's (%s).".formatted(port, why),
                "Stop it, or set nightshift.state to another directory. " + EmbeddedProblem.ELSEWHERE);
    }
}
