package io.nightshift.health.signal;

import java.sql.Connection;
import java.sql.SQLException;

/** Something about the server that may be a reason to wait. Looked at by one thread, on a connection that commits by itself. */
public interface Signal {

    /** What it is called in messages: {@code replica lag}. */
    String name();

    Sight look(Connection connection) throws SQLException;
}
