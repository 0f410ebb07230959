package io.nightshift.sql;

import io.nightshift.problem.ExitCode;
import io.nightshift.problem.ProblemException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The columns of a key in the order of the statement, which is the order of the keys. */
record KeyColumns(List<KeyColumn> all) {

    private static final Pattern SIMPLE = Pattern.compile("[a-z_][a-z0-9_]*");
    /** What the driver says for the type of a column that numbers itself. */
    private static final Map<String, String> SERIALS =
            Map.of("smallserial", "int2", "serial", "int4", "bigserial", "int8");

    /** Asks PostgreSQL for the columns of a statement; nothing is executed. */
    static KeyColumns of(Connection connection, BoundSql sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql.sql())) {
            sql.set(statement, 1);
            ResultSetMetaData data = statement.getMetaData();
            List<KeyColumn> columns = new ArrayList<>();
            for (int i = 1; i <= data.getColumnCount(); i++) {
                String type = data.getColumnTypeName(i);
                columns.add(new KeyColumn(data.getColumnLabel(i), SERIALS.getOrDefault(type, castable(type))));
            }
            return new KeyColumns(List.copyOf(columns));
        }
    }

    /** The driver reports names bare or quoted with their schema, but reads bare ones in lower case only. */
    private static String castable(String type) {
        return type.startsWith("\"") || SIMPLE.matcher(type).matches() ? type : '"' + type.replace("\"", "\"\"") + '"';
    }

    /** @throws ProblemException if they cannot be keys */
    void refuseIfUnfit(String where) {
        if (all.isEmpty()) {
            throw unfit(where, "returns no column", "Let it return the key columns.");
        }
        Set<String> names = new HashSet<>();
        for (KeyColumn column : all) {
            if (!names.add(column.name()) || column.name().equals("?column?")) {
                throw unfit(
                        where,
                        "returns "
                                + (column.name().equals("?column?")
                                        ? "a column without a name"
                                        : "two columns \"" + column.name() + "\""),
                        "Give each key column a name of its own with AS.");
            }
            if (column.type().startsWith("_")) {
                throw unfit(
                        where,
                        "returns \"" + column.name()
                                + "\", which is an array: a key is a single value, or several columns",
                        "Let it return another column that tells the rows apart, such as the primary key.");
            }
        }
    }

    private static ProblemException unfit(String where, String what, String fix) {
        return new ProblemException(ExitCode.USAGE, where, what, fix);
    }

    List<String> names() {
        return all.stream().map(KeyColumn::name).toList();
    }

    int size() {
        return all.size();
    }

    /** Each in its turn, with commas between them. */
    String each(Function<KeyColumn, String> part) {
        return joined(", ", part);
    }

    String joined(String separator, Function<KeyColumn, String> part) {
        return all.stream().map(part).collect(Collectors.joining(separator));
    }

    /** Together, as they are compared. */
    String row(Function<KeyColumn, String> part) {
        return all.size() == 1 ? part.apply(all.get(0)) : "(" + each(part) + ")";
    }

    /** By their numbers, which begin with 1, with commas between them. */
    String numbered(IntFunction<String> part) {
        return IntStream.rangeClosed(1, all.size()).mapToObj(part).collect(Collectors.joining(", "));
    }

    /** Each as {@code k1}, {@code k2} and so on. */
    String named(Function<KeyColumn, String> part) {
        return numbered(i -> part.apply(all.get(i - 1)) + " AS k" + i);
    }

    /** The keys that a question finds which selects them as texts. */
    List<List<String>> rows(Connection connection, BoundSql question) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(question.sql())) {
            question.set(statement, 1);
            List<List<String>> rows = new ArrayList<>();
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    List<String> row = new ArrayList<>();
                    for (int column = 1; column <= all.size(); column++) {
                        row.add(String.valueOf(result.getString(column)));
                    }
                    rows.add(row);
                }
            }
            return rows;
        }
    }

    /** Keys as one array for each column. */
    List<SqlValue> arrays(List<List<String>> rows) {
        return IntStream.range(0, all.size())
                .mapToObj(index -> SqlValue.array(
                        all.get(index).type(),
                        rows.stream().map(row -> row.get(index)).toList()))
                .toList();
    }
}
