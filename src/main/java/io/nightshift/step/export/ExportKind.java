package io.nightshift.step.export;

import io.nightshift.chunk.StepWork;
import io.nightshift.job.Dialect;
import io.nightshift.job.RejectLimit;
import io.nightshift.job.StepDefinition;
import io.nightshift.keyed.KeyedPlan;
import io.nightshift.keyed.KeyedRehearsal;
import io.nightshift.keyed.KeyedWork;
import io.nightshift.problem.Problems;
import io.nightshift.prove.Proof;
import io.nightshift.prove.WrittenFiles;
import io.nightshift.rehearse.Rehearsal;
import io.nightshift.sql.BoundSql;
import io.nightshift.sql.KeysQuery;
import io.nightshift.sql.Statement;
import io.nightshift.step.AskPostgres;
import io.nightshift.step.Content;
import io.nightshift.step.CsvText;
import io.nightshift.step.KeyNames;
import io.nightshift.step.StepContext;
import io.nightshift.step.StepKind;
import io.nightshift.step.StepPlan;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.springframework.stereotype.Component;

/** Writes a CSV or JSONL file page by page; it appears when the last page is committed, whole or not at all. */
@Component
final class ExportKind implements StepKind<StepDefinition.Export> {

    @Override
    public Class<StepDefinition.Export> definition() {
        return StepDefinition.Export.class;
    }

    @Override
    public String word() {
        return "export";
    }

    @Override
    public void check(StepDefinition.Export step, Content content, Problems problems) {
        Content.Place place = new Content.Place(step.where(), problems);
        content.statement(place, "keys", step.keys(), Set.of()).ifPresent(keys -> keys.checkKeys(problems));
        content.statement(place, "select", step.select(), Set.of("keys")).ifPresent(found -> checkSelect(place, found));
    }

    @Override
    public void ask(StepDefinition.Export step, AskPostgres postgres) {
        postgres.keys(step.keys()).ifPresent(query -> postgres.ofKeys(step.select(), query));
    }

    private static void checkSelect(Content.Place place, Statement select) {
        if (select.kind() != Statement.Kind.SELECT) {
            place.problems()
                    .add(
                            place.where() + ".select",
                            select.id() + " is a <" + select.kind().name().toLowerCase(Locale.ROOT) + ">",
                            "An export writes what a <select> returns.");
        }
        if (select.parameters().stream().noneMatch(name -> name.equals("keys") || name.startsWith("keys."))) {
            place.problems()
                    .add(
                            select.where(),
                            "does not use #{keys}, so that every page would be the whole table",
                            "Tie it to the page: WHERE id = ANY (#{keys}).");
        }
    }

    @Override
    public boolean makesInput() {
        return true;
    }

    @Override
    public void rehearse(StepDefinition.Export step, StepContext context, Rehearsal rehearsal)
            throws SQLException, IOException {
        Statement select = context.statement(step.select());
        new KeyedRehearsal(
                        rehearsal,
                        context,
                        new KeyedRehearsal.Pages(step.keys(), step.options(), KeysQuery.Lock.NONE, ""))
                .each((connection, query, keys) -> {
                    KeyNames.refuseOthers(query, List.of(select));
                    select.bind(context.with(keys.values())).execute(connection);
                });
        rehearsal.note("the file was not written");
    }

    @Override
    public StepPlan plan(StepDefinition.Export step, StepContext context, Connection connection) throws SQLException {
        return new KeyedPlan(word(), context, connection)
                .of(step.name(), step.keys(), step.options(), KeysQuery.Lock.NONE);
    }

    @Override
    public void prove(StepDefinition.Export step, StepContext context, Connection connection, Proof proof)
            throws SQLException, IOException {
        new WrittenFiles(connection, context.environment().assignment()).prove(proof, 1);
        proof.unseen("whether the rows of the file are right: they may have changed in the database since");
    }

    @Override
    public StepWork<?> work(StepDefinition.Export step, StepContext context) {
        ExportFile file = new ExportFile(step, context);
        return new KeyedWork(
                new KeyedWork.Setup(
                        word(),
                        step.where(),
                        context.statement(step.keys()),
                        KeysQuery.Lock.NONE,
                        RejectLimit.NONE,
                        step.options(),
                        query -> new ExportPages(step, context, query, file),
                        0,
                        () -> file.publish(header(step, context))),
                context);
    }

    /** A CSV file without rows still says which columns it has. */
    private static byte[] header(StepDefinition.Export step, StepContext context) throws SQLException {
        if (step.format() == Dialect.Format.JSONL) {
            return new byte[0];
        }
        try (Connection connection = context.environment().dataSource().getConnection()) {
            KeysQuery query = KeysQuery.describe(connection, context.statement(step.keys()), context.parameters());
            BoundSql none = context.statement(step.select())
                    .bind(context.with(query.keys(List.of()).values()));
            try (PreparedStatement prepared = connection.prepareStatement(none.sql())) {
                none.set(prepared, 1);
                return CsvText.record(ExportPages.header(prepared.getMetaData()))
                        .getBytes(StandardCharsets.UTF_8);
            }
        }
    }
}
