package io.nightshift;

import java.util.concurrent.Future;

/** What a run's watch over the server's health is at. */
public final class HealthLook {

    private HealthLook() {}

    /** Returns when the only run on this database has looked at everything anew. */
    public static void await(TestDatabase database, Future<?> run) {
        String now = database.value("SELECT clock_timestamp()::text");
        // The last of the looks that are made together.
        OtherSession.await(
                database,
                run,
                """
                SELECT count(*) > 0
                FROM pg_stat_activity
                WHERE datname = current_database()
                  AND application_name LIKE 'nightshift health %%'
                  AND query LIKE '%%health.control%%'
                  AND state = 'idle'
                  AND query_start > '%s'::timestamptz + interval '1 s'"""
                        .formatted(now));
    }
}
