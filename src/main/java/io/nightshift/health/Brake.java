package io.nightshift.health;

import io.nightshift.database.Database;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The brake for everything: while it is on, every run waits between two chunks, and so does whatever is started. It
 * outlives every process. Nightshift's own tables must be there.
 */
public final class Brake {

    private final JdbcClient jdbc;
    private final String schema;

    public Brake(Database database) {
        this.jdbc = JdbcClient.create(database.dataSource());
        this.schema = database.schema();
    }

    /**
     * That it is on.
     *
     * @param who    has put it on
     * @param reason in their words
     */
    public record Held(Instant since, String who, Optional<String> reason) {

        String words() {
            return "held by %s since %s%s"
                    .formatted(
                            who,
                            since.truncatedTo(java.time.temporal.ChronoUnit.SECONDS),
                            reason.map(text -> ": " + text).orElse(""));
        }
    }

    /** Puts it on, unless it is on already: then who did it first stays written down. */
    public Held hold(String who, Optional<String> reason) {
        boolean fresh =
                sql("""
                                INSERT INTO {schema}.brake (who, reason)
                                VALUES (?, ?)
                                ON CONFLICT DO NOTHING""")
                                .params(who, reason.orElse(null))
                                .update()
                        > 0;
        if (fresh) {
            event("hold", who, reason.orElse("everything is held"));
        }
        return standing().orElseGet(() -> hold(who, reason));
    }

    /** Takes it off; what it was, if it was on. */
    public Optional<Held> release(String who) {
        Optional<Held> held = standing();
        if (held.isPresent()) {
            sql("DELETE FROM {schema}.brake").update();
            event("release", who, held.get().words());
        }
        return held;
    }

    /** Empty when it is off. */
    public Optional<Held> standing() {
        return sql("SELECT since, who, reason FROM {schema}.brake")
                .query((row, number) -> held(
                        row.getTimestamp("since"), row.getString("who"), Optional.ofNullable(row.getString("reason"))))
                .optional();
    }

    static Held held(Timestamp since, String who, Optional<String> reason) {
        return new Held(since.toInstant(), who, reason);
    }

    private void event(String kind, String who, String message) {
        sql("INSERT INTO {schema}.event (kind, who, message) VALUES (?, ?, ?)")
                .params(kind, who, message)
                .update();
    }

    private JdbcClient.StatementSpec sql(String statement) {
        return jdbc.sql("/* nightshift: brake */ " + statement.replace("{schema}", schema));
    }
}
