package io.nightshift.step.report;

import io.nightshift.chunk.Counts;
import io.nightshift.chunk.Events;
import io.nightshift.job.StepDefinition;
import io.nightshift.prove.WrittenFiles;
import io.nightshift.sql.BoundSql;
import io.nightshift.sql.SqlValue;
import io.nightshift.step.NamedChunks;
import io.nightshift.step.StepContext;
import io.nightshift.step.WholeFile;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The chunks of a report: one per window, and one that writes the files. */
final class ReportChunks implements NamedChunks.Doing {

    private static final String WRITING = "files";

    private final StepDefinition.Report step;
    private final StepContext context;
    private final Map<String, Windows.Span> spans = new LinkedHashMap<>();
    private final Map<String, SqlValue> whole;

    ReportChunks(StepDefinition.Report step, StepContext context) {
        this.step = step;
        this.context = context;
        Windows windows = step.window()
                .map(window -> Windows.of(window, context.frozen().asOf()))
                .orElse(new Windows(List.of()));
        windows.spans().forEach(span -> spans.put(span.first().toString(), span));
        this.whole = windows.whole().values();
    }

    List<String> names() {
        List<String> names = new ArrayList<>();
        if (step.refresh().isPresent()) {
            // Without a window there is one chunk, and it is the whole report.
            names.addAll(step.window().isPresent() ? spans.keySet() : List.of("refresh"));
        }
        if (step.select().isPresent()) {
            names.add(WRITING);
        }
        return names;
    }

    @Override
    public Counts apply(Connection connection, String name) throws SQLException, IOException {
        return name.equals(WRITING) ? write(connection) : refresh(connection, name);
    }

    private Counts refresh(Connection connection, String name) throws SQLException {
        Map<String, SqlValue> bounds = spans.containsKey(name) ? spans.get(name).values() : whole;
        BoundSql bound = context.statement(step.refresh().orElseThrow()).bind(context.with(bounds));
        long rows = bound.execute(connection);
        return new Counts(rows, rows, 0, 0);
    }

    private Counts write(Connection connection) throws SQLException, IOException {
        BoundSql bound = context.statement(step.select().orElseThrow()).bind(context.with(whole));
        ReportTable table = ReportTable.select(connection, bound);
        String job = context.environment().assignment().job();
        Path folder = context.home().reports(job);
        if (step.output().csv()) {
            publish(connection, folder.resolve(step.name() + ".csv"), table.csv());
        }
        if (step.output().json()) {
            publish(connection, folder.resolve(step.name() + ".json"), table.json());
        }
        if (step.output().html()) {
            publish(connection, folder.resolve(step.name() + ".html"), new ReportPage(step, context, table).html());
        }
        return new Counts(table.rows().size(), table.rows().size(), 0, 0);
    }

    private void publish(Connection connection, Path file, byte[] content) throws SQLException, IOException {
        new WholeFile(file, context.environment().assignment().run()).publish(content);
        new Events(context.environment().assignment()).add(connection, "file", file.toString());
        new WrittenFiles(connection, context.environment().assignment()).add(file);
    }
}
