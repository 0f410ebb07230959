package io.nightshift.step.report;

import io.nightshift.sql.BoundSql;
import io.nightshift.step.CsvText;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a report's statement returned, as PostgreSQL's own text.
 *
 * @param columns their names and whether they hold numbers, in order
 */
record ReportTable(List<Column> columns, List<List<@Nullable String>> rows) {

    private static final Set<String> NUMBERS = Set.of("int2", "int4", "int8", "numeric", "float4", "float8");

    record Column(String name, boolean number) {}

    static ReportTable select(Connection connection, BoundSql bound) throws SQLException {
        try (PreparedStatement prepared = connection.prepareStatement(bound.sql())) {
            bound.set(prepared, 1);
            try (ResultSet result = prepared.executeQuery()) {
                List<Column> columns = columns(result.getMetaData());
                List<List<@Nullable String>> rows = new ArrayList<>();
                while (result.next()) {
                    List<@Nullable String> row = new ArrayList<>();
                    for (int column = 1; column <= columns.size(); column++) {
                        row.add(result.getString(column));
                    }
                    rows.add(row);
                }
                return new ReportTable(columns, rows);
            }
        }
    }

    /** Columns by their names and PostgreSQL's types. */
    static List<Column> columns(Map<String, String> types) {
        return types.entrySet().stream()
                .map(column -> new Column(column.getKey(), NUMBERS.contains(column.getValue())))
                .toList();
    }

    private static List<Column> columns(ResultSetMetaData data) throws SQLException {
        List<Column> columns = new ArrayList<>();
        for (int column = 1; column <= data.getColumnCount(); column++) {
            columns.add(new Column(data.getColumnLabel(column), NUMBERS.contains(data.getColumnTypeName(column))));
        }
        return columns;
    }

    /** The position of a column; -1 when there is none of this name. */
    int position(String name) {
        return columns.stream().map(Column::name).toList().indexOf(name);
    }

    byte[] csv() {
        StringBuilder text = new StringBuilder(CsvText.record(
                new ArrayList<>(columns.stream().map(Column::name).toList())));
        rows.forEach(row -> text.append(CsvText.record(row)));
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    byte[] json() {
        List<Map<String, @Nullable Object>> objects = new ArrayList<>();
        for (List<@Nullable String> row : rows) {
            Map<String, @Nullable Object> object = new LinkedHashMap<>();
            for (int column = 0; column < columns.size(); column++) {
                object.put(columns.get(column).name(), value(row, column));
            }
            objects.add(object);
        }
        return JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsBytes(objects);
    }

    /** A number where it is one, so that readers of JSON and charts can calculate with it. */
    @Nullable
    Object value(List<@Nullable String> row, int column) {
        String text = row.get(column);
        if (text == null || !columns.get(column).number()) {
            return text;
        }
        return text.matches("-?[0-9.eE+-]+") ? new BigDecimal(text) : null;
    }
}
