package io.nightshift.run.claim;

import io.nightshift.database.Database;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The advisory lock that a run keeps for as long as a process is at work on it. */
public record RunLock(Database database) {

    /** What the lock is a hash of. */
    static String key(String schema, long run) {
        return schema + " run " + run;
    }

    /** Whether a process holds it. */
    public boolean held(long run) {
        return JdbcClient.create(database.dataSource())
                .sql(
                        """
                        SELECT EXISTS (
                          SELECT
                          FROM pg_locks l, hashtextextended(?, 0) h
                          WHERE l.locktype = 'advisory'
                            AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
                            AND l.classid::bigint = ((h >> 32) & 4294967295)
                            AND l.objid::bigint = (h & 4294967295)
                            AND l.objsubid = 1
                        )""")
                .param(key(database.schema(), run))
                .query(Boolean.class)
                .single();
    }

    /** Ends the session that holds it, which takes the server some time; false when there is none. */
    boolean endHolder(long run) {
        return !JdbcClient.create(database.dataSource())
                .sql(
                        """
                        SELECT pg_terminate_backend(l.pid)
                        FROM pg_locks l, hashtextextended(?, 0) h
                        WHERE l.locktype = 'advisory'
                          AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
                          AND l.classid::bigint = ((h >> 32) & 4294967295)
                          AND l.objid::bigint = (h & 4294967295)
                          AND l.objsubid = 1""")
                .param(key(database.schema(), run))
                .query(Boolean.class)
                .list()
                .isEmpty();
    }
}
