package io.nightshift.run.claim;

import io.nightshift.database.Database;
import io.nightshift.run.books.Host;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Cancels the statements that chunks are executing; the chunks are rolled back. */
public record CancelStatements(Database database) {

    /** Cancels what the chunks of a run, and of the runs that its steps began, are executing. */
    public void of(long run) {
        JdbcClient.create(database.dataSource())
                .sql(
                        """
                        WITH RECURSIVE family (run, job) AS (
                          SELECT r.run, r.job
                          FROM %1$s.run r
                          WHERE r.run = ?
                          UNION
                          SELECT r.run, r.job
                          FROM %1$s.run r
                            JOIN family f ON f.run = r.parent_run
                        )
                        SELECT count(pg_cancel_backend(a.pid))
                        FROM family f
                          JOIN pg_stat_activity a
                            ON starts_with(a.application_name, left('nightshift ' || f.job || ' ' || f.run || ' ', 63))
                        WHERE a.datname = current_database()
                          AND a.usename = current_user
                          AND a.state = 'active'
                          AND a.pid <> pg_backend_pid()"""
                                .formatted(database.schema()))
                .param(run)
                .query(Long.class)
                .single();
    }

    /** Cancels what the chunks of a process on this machine are executing. */
    public void ofProcess(long pid) {
        JdbcClient.create(database.dataSource())
                .sql(
                        """
                        SELECT count(pg_cancel_backend(a.pid))
                        FROM %1$s.run r
                          JOIN pg_stat_activity a
                            ON starts_with(a.application_name, left('nightshift ' || r.job || ' ' || r.run || ' ', 63))
                        WHERE (
                            r.state = 'STARTED' AND r.host = :host AND r.pid = :pid
                            OR EXISTS (
                              SELECT
                              FROM %1$s.replay p
                              WHERE p.run = r.run
                                AND p.ended_at IS NULL
                                AND p.host = :host
                                AND p.pid = :pid))
                          AND a.datname = current_database()
                          AND a.state = 'active'
                          AND a.pid <> pg_backend_pid()"""
                                .formatted(database.schema()))
                .param("host", Host.name())
                .param("pid", pid)
                .query(Long.class)
                .single();
    }
}
