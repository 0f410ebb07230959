package io.nightshift.run.books;

import io.nightshift.database.Database;
import java.sql.Connection;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** Who has asked which run to stop. */
public final class StopRequests {

    private final JdbcClient jdbc;
    private final String schema;

    public StopRequests(Database database) {
        this.jdbc = JdbcClient.create(database.dataSource());
        this.schema = database.schema();
    }

    /**
     * @param who asks
     * @param now whether the stop does not wait for the chunk
     */
    public record StopRequest(String who, boolean now) {}

    /** Asks; whoever is at work on the run looks every second. */
    public void ask(long run, StopRequest request) {
        jdbc.sql(
                        """
                UPDATE %s.run
                SET stop_requested_at = clock_timestamp(),
                  stop_requested_by = ?,
                  stop_now = ?
                WHERE run = ?"""
                                .formatted(schema))
                .params(request.who(), request.now(), run)
                .update();
    }

    /** Whether somebody has asked the run to stop; looked for through the connection that holds its locks. */
    public Optional<StopRequest> find(Connection locks, long run) {
        return JdbcClient.create(new SingleConnectionDataSource(locks, true))
                .sql("SELECT stop_requested_by, stop_now FROM " + schema
                        + ".run WHERE run = ? AND stop_requested_at IS NOT NULL")
                .param(run)
                .query((result, number) -> new StopRequest(result.getString(1), result.getBoolean(2)))
                .optional();
    }

    /** What was asked of an earlier attempt does not stop the one that goes on. */
    public void forget(long run) {
        jdbc.sql("UPDATE " + schema
                        + ".run SET stop_requested_at = NULL, stop_requested_by = NULL, stop_now = false WHERE run = ?")
                .param(run)
                .update();
    }
}
