package io.nightshift.health;

import io.nightshift.database.Database;
import java.time.Duration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What operators change on runs: their processes look every second. Nightshift's own tables must be there. */
public final class Tunings {

    private final JdbcClient jdbc;
    private final String schema;

    public Tunings(Database database) {
        this.jdbc = JdbcClient.create(database.dataSource());
        this.schema = database.schema();
    }

    /** What is changed on a run so far. */
    public Tuning of(long run) {
        return sql("SELECT connections, rate, target_millis FROM {schema}.tuning WHERE run = ?")
                .param(run)
                .query((row, number) -> RunHealth.tuning(row))
                .optional()
                .orElse(Tuning.NONE);
    }

    /** From now on the run works like this, in this attempt and in those to come. */
    public void write(long run, Tuning tuning, String who, String words) {
        sql("""
                        INSERT INTO {schema}.tuning (run, connections, rate, target_millis)
                        VALUES (?, ?, ?, ?)
                        ON CONFLICT (run) DO UPDATE
                        SET connections = EXCLUDED.connections,
                          rate = EXCLUDED.rate,
                          target_millis = EXCLUDED.target_millis""")
                .params(
                        run,
                        tuning.connections().orElse(null),
                        tuning.rate().orElse(null),
                        tuning.targetDuration().map(Duration::toMillis).orElse(null))
                .update();
        sql("INSERT INTO {schema}.event (run, kind, who, message) VALUES (?, 'tune', ?, ?)")
                .params(run, who, words)
                .update();
    }

    private JdbcClient.StatementSpec sql(String statement) {
        return jdbc.sql("/* nightshift: tuning */ " + statement.replace("{schema}", schema));
    }
}
