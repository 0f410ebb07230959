package io.nightshift.schedule;

import io.nightshift.database.Database;
import io.nightshift.schedule.FireRow.State;
import io.nightshift.schedule.Launch.Outcome;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table {@code fire}: one row for every slot, whoever was there to see it. */
final class Fires {

    private static final String SELECT =
            """
            SELECT f.schedule, f.slot, f.state,
              coalesce(f.run, (SELECT max(r.run) FROM {schema}.run r WHERE r.job = f.schedule AND r.slot = f.slot)) AS run,
              coalesce(f.node, '') AS node, f.reason, f.recorded_at
            FROM {schema}.fire f
            """;

    private static final RowMapper<FireRow> ROW = (result, number) -> new FireRow(
            result.getString("schedule"),
            instant(result, "slot"),
            State.valueOf(result.getString("state")),
            result.getObject("run") == null ? OptionalLong.empty() : OptionalLong.of(result.getLong("run")),
            result.getString("node"),
            Optional.ofNullable(result.getString("reason")),
            instant(result, "recorded_at"));

    private final JdbcTemplate template;
    private final JdbcClient jdbc;
    private final String schema;

    Fires(Database database) {
        this.template = new JdbcTemplate(database.dataSource());
        this.jdbc = JdbcClient.create(template);
        this.schema = database.schema();
    }

    private static Instant instant(ResultSet result, String column) throws SQLException {
        return result.getTimestamp(column).toInstant();
    }

    private JdbcClient.StatementSpec sql(String statement) {
        return jdbc.sql(statement.replace("{schema}", schema));
    }

    /** Takes a slot: true for one caller on all machines, false for everybody else. */
    boolean claim(String job, Instant slot, String node) {
        return sql("""
                        INSERT INTO {schema}.fire (schedule, slot, state, node)
                        VALUES (?, ?, 'STARTED', ?)
                        ON CONFLICT (schedule, slot) DO NOTHING""")
                        .params(job, Timestamp.from(slot), node)
                        .update()
                == 1;
    }

    /** A slot that nobody ran, and why. */
    record Missed(Instant slot, String reason) {}

    /**
     * Records slots as missed, except those of which something is known already.
     *
     * @return how many were recorded
     */
    int missed(String job, String node, List<Missed> slots) {
        int[] counts = template.batchUpdate(
                """
                INSERT INTO {schema}.fire (schedule, slot, state, node, reason)
                VALUES (?, ?, 'MISSED', ?, ?)
                ON CONFLICT (schedule, slot) DO NOTHING"""
                        .replace("{schema}", schema),
                slots.stream()
                        .map(missed -> new Object[] {job, Timestamp.from(missed.slot()), node, missed.reason()})
                        .toList());
        return (int) java.util.Arrays.stream(counts).filter(count -> count == 1).count();
    }

    void end(String job, Instant slot, Outcome outcome) {
        Long run = outcome.run().isPresent() ? outcome.run().getAsLong() : null;
        sql("""
                        UPDATE {schema}.fire
                        SET state = ?,
                          run = ?,
                          reason = ?,
                          recorded_at = clock_timestamp()
                        WHERE schedule = ?
                          AND slot = ?""")
                .params(outcome.state().name(), run, outcome.reason().orElse(null), job, Timestamp.from(slot))
                .update();
    }

    /** The newest slot of which anything is known. */
    Optional<Instant> latest(String job) {
        return sql("SELECT slot FROM {schema}.fire WHERE schedule = ? ORDER BY slot DESC LIMIT 1")
                .param(job)
                .query((result, number) -> instant(result, "slot"))
                .optional();
    }

    /** The newest row of every job, by job. */
    List<FireRow> last() {
        return sql("SELECT DISTINCT ON (f.schedule)" + SELECT.stripLeading().substring("SELECT".length())
                        + "ORDER BY f.schedule, f.slot DESC")
                .query(ROW)
                .list();
    }

    /** The newest rows of all jobs, newest first. */
    List<FireRow> recent(int limit) {
        return sql(SELECT + "ORDER BY f.slot DESC, f.schedule LIMIT ?")
                .param(limit)
                .query(ROW)
                .list();
    }

    /** Slots whose run is under way, by the books. */
    List<FireRow> started() {
        return sql(SELECT + "WHERE f.state = 'STARTED' ORDER BY f.slot")
                .query(ROW)
                .list();
    }

    /** The slot a run was begun for; empty when somebody typed it. */
    Optional<Instant> slotOf(long run) {
        return sql("SELECT slot FROM {schema}.run WHERE run = ? AND slot IS NOT NULL")
                .param(run)
                .query((result, number) -> instant(result, "slot"))
                .optional();
    }

    /** The nodes that have shown themselves lately: fewer than four check-ins ago. */
    List<String> nodes() {
        return sql("""
                        SELECT instance_name
                        FROM {schema}.qrtz_scheduler_state
                        WHERE sched_name = ?
                          AND last_checkin_time > extract(epoch FROM clock_timestamp()) * 1000 - 4 * checkin_interval
                        ORDER BY instance_name""")
                .param(schema)
                .query(String.class)
                .list();
    }

    /** A node that has ended in order need not be missed first. */
    void leave(String node) {
        sql("DELETE FROM {schema}.qrtz_scheduler_state WHERE sched_name = ? AND instance_name = ?")
                .params(schema, node)
                .update();
    }

    /** Whether the timer of a node holds a slot that it has not begun: until it lets go, no other node can take it. */
    boolean held(String node) {
        return sql("""
                        SELECT EXISTS (
                          SELECT
                          FROM {schema}.qrtz_fired_triggers
                          WHERE sched_name = ?
                            AND instance_name = ?
                            AND state = 'ACQUIRED'
                        )""")
                .params(schema, node)
                .query(Boolean.class)
                .single();
    }

    /** Two nodes that start on empty tables would both insert these, and one of them would fail. */
    void addTimerLocks() {
        sql("""
                        INSERT INTO {schema}.qrtz_locks (sched_name, lock_name)
                        VALUES (?, 'TRIGGER_ACCESS'), (?, 'STATE_ACCESS')
                        ON CONFLICT DO NOTHING""")
                .params(schema, schema)
                .update();
    }
}
