package io.nightshift.run;

import io.nightshift.database.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What a run did not apply, its steps that are runs of other jobs included. Only looks. */
public final class RejectHistory {

    /** The run, the runs that its steps began, theirs, and so on. */
    private static final String FAMILY =
            """
            WITH RECURSIVE family (run, job) AS (
              SELECT r.run, r.job
              FROM {schema}.run r
              WHERE r.run = :run
              UNION
              SELECT r.run, r.job
              FROM {schema}.run r
                JOIN family f ON f.run = r.parent_run
            )
            """;

    private static final String COLUMNS =
            """
            j.id, j.run, f.job, j.step, i.path, j.line, j.record, j.key, j.raw, j.raw_length,
              j.sqlstate, j.constraint_name, j.column_name, j.message, j.reason, j.state, j.created_at""";

    private static final String FROM =
            """
            FROM {schema}.reject j
              JOIN family f ON f.run = j.run
              LEFT JOIN {schema}.file i ON i.run = j.run AND i.step = j.step AND i.file = j.file
            """;

    private final JdbcClient jdbc;
    private final String schema;

    public RejectHistory(Database database) {
        this.jdbc = JdbcClient.create(database.dataSource());
        this.schema = database.schema();
    }

    /**
     * One rejected row or key.
     *
     * @param place     {@code users.csv:17}, or the key
     * @param rawLength how long the record was; more than there is in {@code raw} when it was capped
     * @param reason    the rule that was broken, in the words of those who made it
     */
    public record Reject(
            long id,
            long run,
            String job,
            String step,
            String place,
            Optional<byte[]> raw,
            long rawLength,
            Cause cause,
            String message,
            String state,
            Instant at) {}

    /** Why rows are rejected: rows with the same one are one group. */
    public record Cause(
            String sqlstate, Optional<String> constraint, Optional<String> column, Optional<String> reason) {}

    /** Rejects of one cause in one step, with the first of them. */
    public record Group(String job, String step, Cause cause, long count, List<Reject> first) {}

    /** The rejects by cause, the most frequent first. */
    public List<Group> groups(long run, int examples) {
        Map<List<Object>, List<Numbered>> groups = sql(
                        FAMILY
                                + """
                        SELECT *
                        FROM (
                          SELECT {columns},
                            count(*) OVER same AS of_group,
                            row_number() OVER (same ORDER BY j.id) AS number
                          {from}
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

    /** Hands over every reject, in the order in which they were met. */
    public void each(long run, Consumer<Reject> to) {
        sql(FAMILY + "SELECT {columns}\n{from}\nORDER BY j.id")
                .param("run", run)
                .query((ResultSet row) -> to.accept(reject(row)));
    }

    private JdbcClient.StatementSpec sql(String statement) {
        return jdbc.sql("/* nightshift: rejects */ "
                + statement
                        .replace("{columns}", COLUMNS)
                        .replace("{from}", FROM)
                        .replace("{schema}", schema));
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

    private static String place(ResultSet row) throws SQLException {
        if (row.getArray("key") != null) {
            return "key " + String.join(", ", History.texts(row, "key"));
        }
        String path = textOr(row.getString("path"), "input");
        return row.getLong("line") > 0 ? path + ":" + row.getLong("line") : path + ", record " + row.getLong("record");
    }

    private static String textOr(@Nullable String text, String otherwise) {
        return text == null ? otherwise : text;
    }
}
