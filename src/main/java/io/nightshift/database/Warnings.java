package io.nightshift.database;

import io.nightshift.problem.Problem;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** What an operator should put right before the night, though nothing fails yet. */
record Warnings(Reached reached, DatabaseChoice choice, String schema) {

    private static final String SERVER =
            """
            /* nightshift: database.warnings */
            SELECT
              current_setting('max_connections')::int
                - current_setting('superuser_reserved_connections')::int
                - coalesce(current_setting('reserved_connections', true), '0')::int,
              (SELECT rolsuper FROM pg_roles WHERE rolname = current_user),
              has_database_privilege(current_database(), 'CREATE'),
              (SELECT has_schema_privilege(n.oid, 'USAGE') AND has_schema_privilege(n.oid, 'CREATE')
                FROM pg_namespace n
                WHERE n.nspname = ?)""";

    private static final String SCHEMA =
            """
            /* nightshift: database.warnings */
            SELECT has_schema_privilege(n.oid, 'USAGE')
            FROM pg_namespace n
            WHERE n.nspname = ?""";

    List<Problem> of(DataSource pool) {
        List<Problem> found = new ArrayList<>();
        choice.remarks().forEach(remark -> add(found, remark, ""));
        if (reached.version() > FirstLook.NEWEST) {
            add(
                    found,
                    "is PostgreSQL %d, newer than any that was tried.".formatted(reached.version()),
                    "Look for a newer Nightshift.");
        }
        try (Connection connection = pool.getConnection()) {
            lookAtServer(connection, found);
            lookAtSearchPath(connection, found);
            return found;
        } catch (SQLException e) {
            throw new ConnectionProblem(reached.target()).of(e);
        }
    }

    private void lookAtServer(Connection connection, List<Problem> found) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SERVER)) {
            statement.setString(1, schema);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                connections(row.getInt(1), found);
                if (row.getBoolean(2)) {
                    add(
                            found,
                            "the role is a superuser: a job could do anything to the server.",
                            "Work with a role that owns the tables and no more.");
                }
                rights(row.getBoolean(3), (Boolean) row.getObject(4), found);
            }
        }
    }

    private void connections(int available, List<Problem> found) {
        int wanted = choice.pool().poolSize() * choice.pool().nodes();
        if (wanted > available) {
            add(
                    found,
                    "%d nodes with %d connections each want %d; the server has %d to give."
                            .formatted(choice.pool().nodes(), choice.pool().poolSize(), wanted, available),
                    "Lower nightshift.database.pool-size, or raise max_connections.");
        }
    }

    private void rights(boolean mayCreateSchemas, @Nullable Boolean ours, List<Problem> found) {
        String role = reached.target().role();
        if (ours == null && !mayCreateSchemas) {
            add(
                    found,
                    "the schema \"%s\" is not there and the role may not make it.".formatted(schema),
                    "Run as its owner: CREATE SCHEMA %s AUTHORIZATION %s".formatted(schema, role));
        } else if (Boolean.FALSE.equals(ours)) {
            add(
                    found,
                    "the role may not use or fill the schema \"%s\".".formatted(schema),
                    "Run as its owner: GRANT USAGE, CREATE ON SCHEMA %s TO %s".formatted(schema, role));
        }
    }

    private void lookAtSearchPath(Connection connection, List<Problem> found) throws SQLException {
        for (String name : SearchPath.of(choice.session().searchPath()).schemas()) {
            try (PreparedStatement statement = connection.prepareStatement(SCHEMA)) {
                statement.setString(1, name);
                try (ResultSet row = statement.executeQuery()) {
                    if (!row.next()) {
                        add(
                                found,
                                "the schema \"%s\" of the search path is not there.".formatted(name),
                                "Create it, or correct nightshift.database.search-path.");
                    } else if (!row.getBoolean(1)) {
                        add(
                                found,
                                "the role may not use the schema \"%s\".".formatted(name),
                                "Run as its owner: GRANT USAGE ON SCHEMA %s TO %s"
                                        .formatted(name, reached.target().role()));
                    }
                }
            }
        }
    }

    private void add(List<Problem> found, String what, String fix) {
        found.add(new Problem(reached.target().toString(), what, fix));
    }
}
