package io.nightshift.run.history;

import io.nightshift.database.Database;
import io.nightshift.run.books.Replays;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What a run did not apply, its steps that are runs of other jobs included. Only looks. */
public final class RejectHistory {

    private static final String COLUMNS =
            """
            j.id, j.run, f.job, j.step, i.path, j.line, j.record, j.byte_offset, j.key, j.raw, j.raw_length,
              j.sqlstate, j.constraint_name, j.column_name, j.message, j.reason, j.state, j.created_at""";

    private static final String FROM =
            """
            FROM {schema}.reject j
              JOIN family f ON f.run = j.run
              LEFT JOIN {schema}.file i ON i.run = j.run AND i.step = j.step AND i.file = j.file
            """;

    private static final int FEW = 200;

    private final DataSource dataSource;
    private final JdbcClient jdbc;
    private final String schema;

    public RejectHistory(Database database) {
        this.dataSource = database.dataSource();
        this.jdbc = JdbcClient.create(dataSource);
        this.schema = database.schema();
    }

    /**
     * One rejected row or key.
     *
     * @param rawLength how long the record was; more than there is in {@code raw} when it was capped
     * @param reason    the rule that was broken, in the words of those who made it
     */
    public record Reject(
            long id,
            long run,
            String job,
            String step,
            Place place,
            Optional<byte[]> raw,
            long rawLength,
            Cause cause,
            String message,
            String state,
            Instant at) {}

    /** A record of a file, or a key. */
    public record Place(
            Optional<String> path,
            Optional<Long> record,
            Optional<Long> line,
            Optional<Long> offset,
            List<String> key) {

        /** {@code users.csv:17}, {@code key 42}. */
        @Override
        public String toString() {
            if (!key.isEmpty()) {
                return "key " + String.join(", ", key);
            }
            String name = path.orElse("input");
            return line.filter(number -> number > 0)
                    .map(number -> name + ":" + number)
                    .orElseGet(() -> name + ", record " + record.orElse(0L));
        }
    }

    /** Why rows are rejected: rows with the same one are one group. */
    public record Cause(
            String sqlstate, Optional<String> constraint, Optional<String> column, Optional<String> reason) {}

    /** Rejects of one cause in one step, with the first of them. */
    public record Group(String job, String step, Cause cause, long count, List<Reject> first) {}

    /** How many there are in each state: open, replayed, dismissed. */
    public Map<String, Long> states(long run) {
        Map<String, Long> states = new LinkedHashMap<>();
        List.of("open", "replayed", "dismissed").forEach(state -> states.put(state, 0L));
        sql(Replays.FAMILY + "SELECT j.state, count(*) AS number\n{from}\nGROUP BY j.state")
                .param("run", run)
                .query((ResultSet row) -> {
                    states.put(row.getString("state"), row.getLong("number"));
                });
        return states;
    }

    /** The open rejects by cause, the most frequent first. */
    public List<Group> groups(long run, int examples) {
        Map<List<Object>, List<Numbered>> groups = sql(
                        Replays.FAMILY
                                + """
                        SELECT *
                        FROM (
                          SELECT {columns},
                            count(*) OVER same AS of_group,
                            row_number() OVER (same ORDER BY j.id) AS number
                          {from}
                          WHERE j.state = 'open'
                          WINDOW same AS (
                            PARTITION BY j.run, j.step, j.sqlstate, j.constraint_name, j.column_name, j.reason
                          )
                        ) numbered
                        WHERE number <= :examples
                        ORDER BY of_group DESC, run, step, id""")
                .param("run", run)
                .param("examples", examples)
                .query((row, number) -> new Numbered(row.getLong("of_group"), reject(row)))
                .stream()
                .collect(Collectors.groupingBy(
                        one -> List.of(
                                one.reject().run(),
                                one.reject().step(),
                                one.reject().cause()),
                        LinkedHashMap::new,
                        Collectors.toList()));
        return groups.values().stream().map(RejectHistory::group).toList();
    }

    private record Numbered(long ofGroup, Reject reject) {}

    private static Group group(List<Numbered> same) {
        Reject first = same.get(0).reject();
        return new Group(
                first.job(),
                first.step(),
                first.cause(),
                same.get(0).ofGroup(),
                same.stream().map(Numbered::reject).toList());
    }

    /** Hands over every reject, in the order in which they were met; holds only a few of them at a time. */
    public void each(long run, Consumer<Reject> to) {
        new TransactionTemplate(new DataSourceTransactionManager(dataSource)).executeWithoutResult(transaction -> {
            JdbcTemplate few = new JdbcTemplate(dataSource);
            few.setFetchSize(FEW);
            JdbcClient.create(few)
                    .sql(filled(Replays.FAMILY + "SELECT {columns}\n{from}\nORDER BY j.id"))
                    .param("run", run)
                    .query((ResultSet row) -> to.accept(reject(row)));
        });
    }

    private JdbcClient.StatementSpec sql(String statement) {
        return jdbc.sql(filled(statement));
    }

    private String filled(String statement) {
        return "/* nightshift: rejects */ "
                + statement
                        .replace("{columns}", COLUMNS)
                        .replace("{from}", FROM)
                        .replace("{schema}", schema);
    }

    private static Reject reject(ResultSet row) throws SQLException {
        return new Reject(
                row.getLong("id"),
                row.getLong("run"),
                row.getString("job"),
                row.getString("step"),
                place(row),
                Optional.ofNullable(row.getBytes("raw")),
                row.getLong("raw_length"),
                new Cause(
                        textOr(row.getString("sqlstate"), ""),
                        Optional.ofNullable(row.getString("constraint_name")),
                        Optional.ofNullable(row.getString("column_name")),
                        Optional.ofNullable(row.getString("reason"))),
                row.getString("message"),
                row.getString("state"),
                row.getTimestamp("created_at").toInstant());
    }

    private static Place place(ResultSet row) throws SQLException {
        return new Place(
                Optional.ofNullable(row.getString("path")),
                Optional.ofNullable(row.getObject("record", Long.class)),
                Optional.ofNullable(row.getObject("line", Long.class)),
                Optional.ofNullable(row.getObject("byte_offset", Long.class)),
                row.getArray("key") == null ? List.of() : Columns.texts(row, "key"));
    }

    private static String textOr(@Nullable String text, String otherwise) {
        return text == null ? otherwise : text;
    }
}
