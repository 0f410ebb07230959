package io.nightshift.step;

import io.nightshift.problem.Choices;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The tables of the database, by the names that steps have for them. */
public record Tables(Connection connection) {

    /** Whether there is one of this name. */
    boolean has(String table) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT to_regclass(?) IS NOT NULL")) {
            select.setString(1, table);
            try (ResultSet result = select.executeQuery()) {
                result.next();
                return result.getBoolean(1);
            }
        }
    }

    /** The one that somebody probably meant. */
    Optional<String> alike(String table) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                """
                SELECT c.relname
                FROM pg_class c
                WHERE c.relkind IN ('r', 'p', 'v', 'f')
                  AND c.relnamespace <> 'pg_catalog'::regnamespace
                  AND pg_table_is_visible(c.oid)""")) {
            return new Choices(names(select)).nearest(table);
        }
    }

    /** Those that lose rows by ON DELETE CASCADE when this one does, however far away. */
    public List<String> cascades(String table) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                """
                WITH RECURSIVE losing (table_id) AS (
                  SELECT to_regclass(?)::oid
                  UNION
                  SELECT c.conrelid
                  FROM losing l
                    JOIN pg_constraint c ON c.confrelid = l.table_id
                  WHERE c.contype = 'f'
                    AND c.confdeltype = 'c'
                    AND c.conparentid = 0
                )
                SELECT table_id::regclass::text
                FROM losing
                WHERE table_id <> to_regclass(?)
                ORDER BY 1""")) {
            select.setString(1, table);
            select.setString(2, table);
            return names(select);
        }
    }

    private static List<String> names(PreparedStatement select) throws SQLException {
        List<String> names = new ArrayList<>();
        try (ResultSet result = select.executeQuery()) {
            while (result.next()) {
                names.add(result.getString(1));
            }
        }
        return names;
    }

    /** Whether two names mean one table, as far as can be told; a view is taken for whatever is behind it. */
    public boolean same(String one, String other) {
        try (PreparedStatement select = connection.prepareStatement(
                """
                SELECT c.oid = to_regclass(?) OR c.relkind = 'v'
                FROM pg_class c
                WHERE c.oid = to_regclass(?)""")) {
            select.setString(1, one);
            select.setString(2, other);
            try (ResultSet result = select.executeQuery()) {
                return !result.next() || result.getBoolean(1);
            }
        } catch (SQLException unknown) {
            return true;
        }
    }
}
