package io.nightshift.keyed;

import io.nightshift.chunk.StepWork;
import io.nightshift.job.StepOptions;
import io.nightshift.rehearse.Rehearsal;
import io.nightshift.sql.BoundSql;
import io.nightshift.sql.Keys;
import io.nightshift.sql.KeysQuery;
import io.nightshift.step.RowGuards;
import io.nightshift.step.StepContext;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Rehearses pages of keys, spread over the range. */
public final class KeyedRehearsal {

    private static final int SHOWN = 3;

    private final Rehearsal rehearsal;
    private final StepContext context;
    private final Pages pages;

    /**
     * @param keys  the statement
     * @param table whose rows are shown before and after; empty for none
     */
    public record Pages(String keys, StepOptions options, KeysQuery.Lock lock, String table) {}

    public KeyedRehearsal(Rehearsal rehearsal, StepContext context, Pages pages) {
        this.rehearsal = rehearsal;
        this.context = context;
        this.pages = pages;
    }

    /** What is done with a page. */
    public interface OnPage {
        void apply(Connection explaining, KeysQuery query, Keys keys) throws SQLException, IOException;
    }

    public void each(OnPage onPage) throws SQLException, IOException {
        KeysQuery query = KeyRange.describe(rehearsal.connection(), context.statement(pages.keys()), context);
        // What would be refused before the first chunk is refused here, too.
        new RowGuards(
                        pages.options().guards(),
                        context.environment().assignment().step())
                .refuseUnfit(rehearsal.connection(), query);
        Set<List<String>> starts = starts(query);
        if (starts.isEmpty()) {
            rehearsal.note("there is no key to work on: " + pages.keys() + " returns nothing");
        }
        PageOrder order = order(query);
        // Of few keys the pages would overlap, and their rows would not add up.
        Set<List<String>> done = new HashSet<>();
        for (List<String> behind : starts) {
            if (done.contains(behind)) {
                continue;
            }
            String place = behind.isEmpty() ? "the first page" : "the page behind " + String.join(", ", behind);
            rehearsal.chunk(place, explaining -> page(explaining, new Page(query, order, behind, done), onPage));
        }
    }

    private record Page(KeysQuery query, PageOrder order, List<String> behind, Set<List<String>> done) {}

    private PageOrder order(KeysQuery query) throws SQLException {
        Connection connection = rehearsal.connection();
        connection.setAutoCommit(false);
        try {
            StepWork.Total keys = new KeyCount(query).within(connection);
            return PageOrder.of(connection, query, keys, pages.options().chunk());
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    /** The keys behind which the pages begin: the start, and those that cut the range into equal parts. */
    private Set<List<String>> starts(KeysQuery query) throws SQLException {
        Set<List<String>> starts = new LinkedHashSet<>();
        List<List<String>> ends = query.rows(rehearsal.connection(), query.splits(rehearsal.samples()));
        if (!ends.isEmpty()) {
            starts.add(List.of());
            ends.stream().limit(ends.size() - 1L).forEach(starts::add);
        }
        return starts;
    }

    private long page(Connection explaining, Page page, OnPage onPage) throws SQLException, IOException {
        KeysQuery query = page.query();
        BoundSql select = query.page(page.behind(), List.of(), pages.options().chunk(), pages.lock());
        page.order().begin(rehearsal.connection());
        rehearsal.explain("the page", select);
        Keys keys = query.read(
                        rehearsal.connection(),
                        page.behind(),
                        List.of(),
                        pages.options().chunk(),
                        pages.lock())
                .distinct();
        page.order().end(rehearsal.connection());
        Keys few = keys.slice(0, Math.min(SHOWN, keys.size()));
        Map<String, String> before = sample(query, few);
        onPage.apply(explaining, query, keys);
        rehearsal.sample(before, sample(query, few));
        page.done().addAll(keys.rows());
        return keys.size();
    }

    /** Rows as JSON by key, where the key columns are columns of the table. */
    private Map<String, String> sample(KeysQuery query, Keys few) throws SQLException {
        Map<String, String> rows = new LinkedHashMap<>();
        if (pages.table().isEmpty() || few.size() == 0 || !hasColumns(query)) {
            return rows;
        }
        String keys = IntStream.rangeClosed(1, query.columns().size())
                .mapToObj(number -> "k" + number)
                .collect(Collectors.joining(", "));
        String same = IntStream.rangeClosed(1, query.columns().size())
                .mapToObj(
                        number -> "t." + quoted(query.columns().get(number - 1).name()) + " = k.k" + number)
                .collect(Collectors.joining(" AND "));
        BoundSql select = new BoundSql(
                "SELECT concat_ws(',', " + keys + "), to_jsonb(t)::text FROM unnest("
                        + query.columns().stream().map(column -> "?").collect(Collectors.joining(", "))
                        + ") k (" + keys + ") JOIN " + table() + " t ON " + same,
                List.copyOf(few.values().values()));
        try (PreparedStatement prepared = rehearsal.connection().prepareStatement(select.sql())) {
            select.set(prepared, 1);
            try (ResultSet result = prepared.executeQuery()) {
                while (result.next()) {
                    rows.put(result.getString(1), result.getString(2));
                }
            }
        }
        return rows;
    }

    private boolean hasColumns(KeysQuery query) throws SQLException {
        List<String> names = new ArrayList<>();
        try (PreparedStatement select = rehearsal
                .connection()
                .prepareStatement("SELECT attname FROM pg_attribute WHERE attrelid = to_regclass(?) AND attnum > 0")) {
            select.setString(1, pages.table());
            try (ResultSet result = select.executeQuery()) {
                while (result.next()) {
                    names.add(result.getString(1));
                }
            }
        }
        return names.containsAll(query.names());
    }

    private String table() throws SQLException {
        try (PreparedStatement select = rehearsal.connection().prepareStatement("SELECT to_regclass(?)::text")) {
            select.setString(1, pages.table());
            try (ResultSet result = select.executeQuery()) {
                result.next();
                return result.getString(1);
            }
        }
    }

    private static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}
