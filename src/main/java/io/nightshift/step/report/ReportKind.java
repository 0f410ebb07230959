package io.nightshift.step.report;

import io.nightshift.chunk.StepWork;
import io.nightshift.job.StepDefinition;
import io.nightshift.problem.Problems;
import io.nightshift.prove.Proof;
import io.nightshift.prove.WrittenFiles;
import io.nightshift.rehearse.Rehearsal;
import io.nightshift.sql.SqlValue;
import io.nightshift.sql.Statement;
import io.nightshift.step.AskPostgres;
import io.nightshift.step.Content;
import io.nightshift.step.NamedWork;
import io.nightshift.step.StepContext;
import io.nightshift.step.StepKind;
import io.nightshift.step.StepPlan;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.springframework.stereotype.Component;

/** Rebuilds time windows one by one, then writes what a statement selects. A chunk is one window, or the writing. */
@Component
final class ReportKind implements StepKind<StepDefinition.Report> {

    private static final Set<String> BOUNDS = Set.of("windowStart", "windowEnd");

    @Override
    public Class<StepDefinition.Report> definition() {
        return StepDefinition.Report.class;
    }

    @Override
    public String word() {
        return "report";
    }

    @Override
    public void check(StepDefinition.Report step, Content content, Problems problems) {
        Content.Place place = new Content.Place(step.where(), problems);
        Set<String> extra = step.window().isPresent() ? BOUNDS : Set.of();
        step.refresh().ifPresent(id -> content.statement(place, "refresh", id, extra)
                .filter(found -> found.kind() == Statement.Kind.SELECT)
                .ifPresent(found -> wrongKind(place, "refresh", found, "an <insert>, <update> or <delete>")));
        step.select().ifPresent(id -> content.statement(place, "select", id, extra)
                .filter(found -> found.kind() != Statement.Kind.SELECT)
                .ifPresent(found -> wrongKind(place, "select", found, "a <select>")));
    }

    @Override
    public void ask(StepDefinition.Report step, AskPostgres postgres) {
        SqlValue moment = new SqlValue("timestamptz", "2000-01-01 00:00:00+00");
        Map<String, SqlValue> bounds = Map.of("windowStart", moment, "windowEnd", moment);
        step.statements().forEach(id -> postgres.statement(id, bounds));
        step.output().chart().ifPresent(chart -> step.select()
                .flatMap(id -> postgres.columns(id, bounds))
                .map(ReportTable::columns)
                .ifPresent(columns -> new ChartColumns(step, chart).check(columns, postgres.problems())));
    }

    private static void wrongKind(Content.Place place, String key, Statement found, String right) {
        place.problems()
                .add(
                        place.where() + "." + key,
                        found.id() + " is a <" + found.kind().name().toLowerCase(Locale.ROOT) + ">",
                        "Name " + right + " here.");
    }

    @Override
    public void rehearse(StepDefinition.Report step, StepContext context, Rehearsal rehearsal)
            throws SQLException, IOException {
        Windows windows = step.window()
                .map(window -> Windows.of(window, context.frozen().asOf()))
                .orElse(new Windows(List.of()));
        if (step.refresh().isPresent()) {
            BoundByWindow refresh =
                    new BoundByWindow(context.statement(step.refresh().get()), context);
            List<Windows.Span> spans = windows.spans().isEmpty() ? List.of(windows.whole()) : windows.spans();
            int every = Math.max(1, spans.size() / rehearsal.samples());
            for (int span = 0; span < spans.size(); span += every) {
                refresh.rehearse(rehearsal, "the window of " + spans.get(span).first(), spans.get(span));
            }
        }
        if (step.select().isPresent()) {
            new BoundByWindow(context.statement(step.select().get()), context)
                    .rehearse(rehearsal, "what is written", windows.whole());
            rehearsal.note("no file was written, and the select saw the rows as they were before the refresh");
        }
    }

    private record BoundByWindow(Statement statement, StepContext context) {

        void rehearse(Rehearsal rehearsal, String place, Windows.Span span) throws SQLException, IOException {
            rehearsal.chunk(
                    place,
                    connection -> statement.bind(context.with(span.values())).execute(connection));
        }
    }

    @Override
    public StepPlan plan(StepDefinition.Report step, StepContext context, Connection connection) {
        List<String> notes = new ArrayList<>();
        step.window().ifPresent(window -> {
            Windows windows = Windows.of(window, context.frozen().asOf());
            notes.add("%d window%s of a %s, from %s to %s"
                    .formatted(
                            windows.spans().size(),
                            windows.spans().size() == 1 ? "" : "s",
                            window.unit().name().toLowerCase(Locale.ROOT),
                            windows.whole().start(),
                            windows.whole().end()));
        });
        step.select().ifPresent(id -> notes.add("writes what " + id + " returns"));
        return new StepPlan(step.name(), word(), -1, false, 0, List.of(), notes);
    }

    @Override
    public void prove(StepDefinition.Report step, StepContext context, Connection connection, Proof proof)
            throws SQLException, IOException {
        int files = step.select().isEmpty() ? 0 : step.output().files();
        new WrittenFiles(connection, context.environment().assignment()).prove(proof, files);
        proof.unseen("whether the figures are right: the rows that they were made from may have changed since");
    }

    @Override
    public StepWork<?> work(StepDefinition.Report step, StepContext context) {
        ReportChunks chunks = new ReportChunks(step, context);
        return new NamedWork(word(), chunks.names(), chunks, context);
    }
}
