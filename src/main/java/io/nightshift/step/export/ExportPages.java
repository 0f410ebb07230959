package io.nightshift.step.export;

import io.nightshift.job.Dialect;
import io.nightshift.job.StepDefinition;
import io.nightshift.keyed.PageApply;
import io.nightshift.sql.BoundSql;
import io.nightshift.sql.Keys;
import io.nightshift.sql.KeysQuery;
import io.nightshift.sql.Statement;
import io.nightshift.step.CsvText;
import io.nightshift.step.KeyNames;
import io.nightshift.step.StepContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Selects a page and turns it into the text of the file. */
final class ExportPages implements PageApply {

    private final Statement select;
    private final Dialect.Format format;
    private final StepContext context;
    private final ExportFile file;
    private final StringBuilder page = new StringBuilder();
    private String pending = "";

    ExportPages(StepDefinition.Export step, StepContext context, KeysQuery query, ExportFile file) {
        this.select = context.statement(step.select());
        this.format = step.format();
        this.context = context;
        KeyNames.refuseOthers(query, List.of(select));
        this.file = file;
    }

    @Override
    public long apply(Connection connection, Keys keys, Map<String, Long> tables) throws SQLException, IOException {
        StringBuilder rows = new StringBuilder();
        BoundSql bound = select.bind(context.with(keys.values()));
        String sql = format == Dialect.Format.CSV
                ? bound.sql()
                : "SELECT row_to_json(t)::text FROM (\n" + bound.sql() + "\n) t";
        int count = 0;
        try (PreparedStatement prepared = connection.prepareStatement(sql)) {
            bound.set(prepared, 1);
            try (ResultSet result = prepared.executeQuery()) {
                if (format == Dialect.Format.CSV && file.length() == 0 && page.isEmpty()) {
                    rows.append(CsvText.record(header(result.getMetaData())));
                }
                while (result.next()) {
                    rows.append(row(result));
                    count++;
                }
            }
        }
        pending = rows.toString();
        return Math.min(count, keys.size());
    }

    static List<@Nullable String> header(ResultSetMetaData data) throws SQLException {
        List<@Nullable String> names = new ArrayList<>();
        for (int column = 1; column <= data.getColumnCount(); column++) {
            names.add(data.getColumnLabel(column));
        }
        return names;
    }

    private String row(ResultSet result) throws SQLException {
        if (format == Dialect.Format.JSONL) {
            return result.getString(1) + "\n";
        }
        List<@Nullable String> fields = new ArrayList<>();
        for (int column = 1; column <= result.getMetaData().getColumnCount(); column++) {
            fields.add(result.getString(column));
        }
        return CsvText.record(fields);
    }

    @Override
    public void kept() {
        page.append(pending);
        pending = "";
    }

    @Override
    public void rewind() {
        page.setLength(0);
        pending = "";
        file.rewind();
    }

    @Override
    public long flush() throws IOException {
        byte[] bytes = page.toString().getBytes(StandardCharsets.UTF_8);
        page.setLength(0);
        try {
            return file.append(bytes);
        } catch (SQLException unreachable) {
            throw new IOException(unreachable);
        }
    }
}
