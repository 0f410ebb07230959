package io.nightshift.health;

import io.nightshift.database.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Why runs wait, what they cannot see, and what was changed on them, as it is written down. Only looks. */
public final class RunHealth {

    private final JdbcClient jdbc;
    private final String schema;

    public RunHealth(Database database) {
        this.jdbc = JdbcClient.create(database.dataSource());
        this.schema = database.schema();
    }

    /**
     * How one run stands.
     *
     * @param waitingSince empty when it does not wait
     * @param reasons      why it waits
     * @param unseen       signals that its role cannot see
     */
    public record Standing(Optional<Instant> waitingSince, List<String> reasons, List<String> unseen, Tuning tuning) {

        /** Of a run that nothing is written down about. */
        public static final Standing NOTHING = new Standing(Optional.empty(), List.of(), List.of(), Tuning.NONE);
    }

    /** Whether there is anything to ask: an older Nightshift has made its tables without these. */
    public boolean known() {
        return jdbc.sql("SELECT to_regclass(?) IS NOT NULL")
                .param(schema + ".brake")
                .query(Boolean.class)
                .single();
    }

    /** By the numbers of the runs. */
    public Map<Long, Standing> all() {
        return jdbc
                .sql(
                        """
                        /* nightshift: health.all */
                        SELECT run, h.waiting_since, h.reasons, h.unseen, t.connections, t.rate, t.target_millis
                        FROM {schema}.health h
                          FULL JOIN {schema}.tuning t USING (run)"""
                                .replace("{schema}", schema))
                .query((row, number) -> Map.entry(row.getLong("run"), standing(row)))
                .list()
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static Standing standing(ResultSet row) throws SQLException {
        return new Standing(
                Optional.ofNullable(row.getTimestamp("waiting_since")).map(Timestamp::toInstant),
                texts(row, "reasons"),
                texts(row, "unseen"),
                tuning(row));
    }

    private static List<String> texts(ResultSet row, String column) throws SQLException {
        return row.getArray(column) == null
                ? List.of()
                : List.of((String[]) row.getArray(column).getArray());
    }

    static Tuning tuning(ResultSet row) throws SQLException {
        return new Tuning(
                Optional.ofNullable(row.getObject("connections", Integer.class)),
                Optional.ofNullable(row.getObject("rate", Long.class)),
                Optional.ofNullable(row.getObject("target_millis", Long.class)).map(Duration::ofMillis));
    }
}
