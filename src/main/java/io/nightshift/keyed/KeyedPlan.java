package io.nightshift.keyed;

import io.nightshift.chunk.StepWork;
import io.nightshift.job.StepOptions;
import io.nightshift.sql.BoundSql;
import io.nightshift.sql.KeysQuery;
import io.nightshift.step.ListedKeys;
import io.nightshift.step.RowGuards;
import io.nightshift.step.StepContext;
import io.nightshift.step.StepPlan;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a step that pages through keys would do: counted, and explained by PostgreSQL. Writes nothing. */
public final class KeyedPlan {

    private final String word;
    private final StepContext context;
    private final Connection connection;

    public KeyedPlan(String word, StepContext context, Connection connection) {
        this.word = word;
        this.context = context;
        this.connection = connection;
    }

    /** The connection is in a transaction, which stays usable. */
    public StepPlan of(String name, String keys, StepOptions options, KeysQuery.Lock lock) throws SQLException {
        KeysQuery query = KeyRange.describe(connection, context.statement(keys), context);
        StepWork.Total total = new KeyCount(query).within(connection);
        List<String> columns = query.names();
        List<String> notes = new ArrayList<>();
        notes.add("pages of %,d keys in the order of %s, %d connection%s"
                .formatted(
                        options.chunk(),
                        String.join(", ", columns),
                        options.connections(),
                        options.connections() == 1 ? "" : "s"));
        notes.add(
                switch (lock) {
                    case NONE -> "locks no page; the statements repeat the condition of " + keys;
                    case NO_KEY_UPDATE -> "locks each page FOR NO KEY UPDATE";
                    case UPDATE -> "locks each page FOR UPDATE";
                });
        if (query.isLimited()) {
            String notFound = ListedKeys.notFound(connection, query);
            notes.add(notFound.isEmpty() ? "all listed keys were found" : notFound);
        }
        if (!total.estimate()) {
            new RowGuards(options.guards(), name)
                    .verdict(connection, total.rows())
                    .ifPresent(verdict -> notes.add("would be refused: " + verdict));
        }
        PageOrder order = PageOrder.of(connection, query, total, options.chunk());
        if (order == PageOrder.HELD) {
            notes.add("PostgreSQL expects far fewer keys than there are, and would sort the rest of them for each page:"
                    + " pages are held to the order of the index");
        }
        notes.add("a page is read by: " + access(query, options.chunk(), order));
        return new StepPlan(name, word, total.rows(), total.estimate(), options.chunk(), columns, notes);
    }

    /** The scans of the plan of a page somewhere in the middle, and whether it has to sort. */
    private String access(KeysQuery query, int limit, PageOrder order) throws SQLException {
        List<List<String>> first = query.rows(connection, query.first());
        List<List<String>> last = query.rows(connection, query.last());
        BoundSql page = query.page(
                first.isEmpty() ? List.of() : first.get(0),
                last.isEmpty() ? List.of() : last.get(0),
                limit,
                KeysQuery.Lock.NONE);
        List<String> nodes = new ArrayList<>();
        order.begin(connection);
        try (PreparedStatement statement = connection.prepareStatement("EXPLAIN (COSTS OFF) " + page.sql())) {
            page.set(statement, 1);
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    node(result.getString(1)).ifPresent(nodes::add);
                }
            }
        }
        order.end(connection);
        return String.join("; ", nodes);
    }

    private static Optional<String> node(String line) {
        String text = line.strip().replaceFirst("^->\\s*", "");
        boolean telling = text.contains("Scan") || text.startsWith("Sort") && !text.startsWith("Sort Key");
        return telling ? Optional.of(text) : Optional.empty();
    }
}
