package io.nightshift.keyed;

import io.nightshift.chunk.Assignment;
import io.nightshift.chunk.StepWork;
import io.nightshift.sql.BoundSql;
import io.nightshift.sql.KeysQuery;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Whether pages are held to the order of an index. PostgreSQL plans a page by how many keys it expects. Where it expects
 * far fewer than there are, it takes a page for all that is left, and sorts the rest of the table anew for each.
 */
enum PageOrder {
    /** PostgreSQL decides for each page. */
    FREE,
    /** No page is sorted. */
    HELD;

    /** Up to here a wrong estimate is not the reason for a plan. */
    private static final long MISJUDGED = 3;

    /** Chunks may grow, and make fewer pages than there would be of the first size. */
    private static final double MARGIN = 10;

    private static final String HOLD =
            "SELECT set_config('enable_sort', 'off', true), set_config('max_parallel_workers_per_gather', '0', true)";
    private static final String RELEASE =
            "SET LOCAL enable_sort TO DEFAULT; SET LOCAL max_parallel_workers_per_gather TO DEFAULT";

    private static final JsonMapper JSON = JsonMapper.shared();

    /**
     * In the caller's transaction, which stays as it is. In the order of an index all pages together read that index
     * once. Sorting reads for each page what is left: on average half of all.
     *
     * @param keys  that there are; an estimate says nothing new
     * @param chunk keys of a page
     */
    static PageOrder of(Connection connection, KeysQuery query, StepWork.Total keys, int chunk) throws SQLException {
        if (keys.estimate() || keys.rows() <= chunk || query.isLimited()) {
            return FREE;
        }
        BoundSql all = query.page(List.of(), List.of(), Integer.MAX_VALUE, KeysQuery.Lock.NONE);
        Plan free = explain(connection, all);
        if (keys.rows() <= free.rows() * MISJUDGED) {
            return FREE;
        }
        Savepoint before = connection.setSavepoint();
        HELD.begin(connection);
        Plan held = explain(connection, all);
        connection.rollback(before);
        double pages = (double) keys.rows() / chunk;
        return !held.sorts() && pages * free.cost() / 2 > held.cost() * MARGIN ? HELD : FREE;
    }

    /** What a step that goes on counted when it began, less what its chunks have done. */
    static StepWork.Total left(Connection connection, Assignment assignment) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                """
                SELECT s.total - coalesce(sum(l.read), 0), s.total_estimated
                FROM %1$s.step s
                LEFT JOIN %1$s.ledger l ON l.run = s.run AND l.step = s.step
                WHERE s.run = ?
                  AND s.step = ?
                  AND s.total IS NOT NULL
                GROUP BY s.run, s.step"""
                        .formatted(assignment.schema()))) {
            select.setLong(1, assignment.run());
            select.setString(2, assignment.step());
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? new StepWork.Total(row.getLong(1), row.getBoolean(2)) : StepWork.Total.UNKNOWN;
            }
        }
    }

    /** Before a page is read, in the transaction of its chunk. */
    void begin(Connection connection) throws SQLException {
        if (this == HELD) {
            execute(connection, HOLD);
        }
    }

    /** Behind it: the user's statements are planned as ever. */
    void end(Connection connection) throws SQLException {
        if (this == HELD) {
            execute(connection, RELEASE);
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private record Plan(double rows, double cost, boolean sorts) {}

    private static Plan explain(Connection connection, BoundSql query) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("EXPLAIN (FORMAT JSON) " + query.sql())) {
            query.set(statement, 1);
            try (ResultSet result = statement.executeQuery()) {
                result.next();
                JsonNode top = JSON.readTree(result.getString(1)).get(0).get("Plan");
                return new Plan(
                        top.get("Plan Rows").asDouble(0), top.get("Total Cost").asDouble(0), sorts(top));
            }
        }
    }

    private static boolean sorts(JsonNode node) {
        if (node.get("Node Type").asString("").endsWith("Sort")) {
            return true;
        }
        for (JsonNode child : node.path("Plans")) {
            if (sorts(child)) {
                return true;
            }
        }
        return false;
    }
}
