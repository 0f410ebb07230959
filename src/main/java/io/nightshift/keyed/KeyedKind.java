package io.nightshift.keyed;

import io.nightshift.chunk.ReplayWork;
import io.nightshift.chunk.StepWork;
import io.nightshift.job.StepDefinition;
import io.nightshift.problem.Problems;
import io.nightshift.prove.Proof;
import io.nightshift.rehearse.Rehearsal;
import io.nightshift.sql.KeysQuery;
import io.nightshift.sql.Statement;
import io.nightshift.step.AskPostgres;
import io.nightshift.step.Content;
import io.nightshift.step.StepContext;
import io.nightshift.step.StepKind;
import io.nightshift.step.StepPlan;
import io.nightshift.step.Tables;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What update, delete, backfill and purge have in common: pages of keys go through the user's statements. */
public abstract class KeyedKind<D extends StepDefinition.Keyed> implements StepKind<D> {

    private final Class<D> definition;
    private final Set<Statement.Kind> apply;
    private final KeysQuery.Lock lock;
    private final int passes;

    /**
     * @param apply  which kinds of statement may be applied
     * @param lock   how a page is locked where the step locks
     * @param passes how often the range may be gone through again for rows that appeared meanwhile
     */
    protected KeyedKind(Class<D> definition, Set<Statement.Kind> apply, KeysQuery.Lock lock, int passes) {
        this.definition = definition;
        this.apply = apply;
        this.lock = lock;
        this.passes = passes;
    }

    @Override
    public final Class<D> definition() {
        return definition;
    }

    @Override
    public final String word() {
        return definition.getSimpleName().toLowerCase(Locale.ROOT);
    }

    @Override
    public final void check(D step, Content content, Problems problems) {
        Content.Place place = new Content.Place(step.where(), problems);
        Optional<Statement> keys = content.statement(place, "keys", step.keys(), Set.of());
        keys.ifPresent(found -> found.checkKeys(problems));
        for (String id : step.applies()) {
            content.statement(place, "apply", id, Set.of("keys")).ifPresent(found -> checkApply(place, found));
        }
        List<Statement> applies = step.applies().stream()
                .flatMap(id -> content.statements().find(id).stream())
                .toList();
        if (keys.isPresent() && applies.size() == 1 && !step.lock()) {
            checkCondition(place, keys.get(), applies.get(0));
        }
    }

    @Override
    public final void ask(D step, AskPostgres postgres) {
        postgres.table(step.where() + ".table", step.table());
        postgres.keys(step.keys()).ifPresent(query -> {
            step.applies().forEach(id -> postgres.ofKeys(id, query));
            if (step.lock()) {
                postgres.lockable(step.where(), query, lock);
            }
            ask(step, query, postgres);
        });
    }

    /** What only this kind wants to know of PostgreSQL. */
    protected void ask(D step, KeysQuery query, AskPostgres postgres) {}

    private void checkApply(Content.Place place, Statement found) {
        if (!apply.contains(found.kind())) {
            place.problems()
                    .add(
                            place.where() + ".apply",
                            found.id() + " is a <" + found.kind().name().toLowerCase(Locale.ROOT) + ">",
                            "A step of kind " + word() + " applies "
                                    + String.join(
                                            " or ",
                                            apply.stream()
                                                    .map(kind ->
                                                            "<" + kind.name().toLowerCase(Locale.ROOT) + ">")
                                                    .sorted()
                                                    .toList())
                                    + ".");
        }
        if (found.parameters().stream().noneMatch(name -> name.equals("keys") || name.startsWith("keys."))) {
            place.problems()
                    .add(
                            found.where(),
                            "does not use #{keys}, so that every chunk would work on the whole table",
                            "Tie it to the page: WHERE id = ANY (#{keys}).");
        }
    }

    /** Rows may change between keys and apply: the statement repeats the condition, or the step locks its page. */
    private static void checkCondition(Content.Place place, Statement keys, Statement apply) {
        if (!keys.hasCondition() || apply.repeatsConditionOf(keys)) {
            return;
        }
        place.problems()
                .add(
                        apply.where(),
                        "works on rows that may have changed since " + keys.id() + " saw them",
                        "Repeat the condition of " + keys.id() + ", or write \"lock: true\" in the step ("
                                + place.where() + ").");
    }

    @Override
    public final StepWork<?> work(D step, StepContext context) {
        return new KeyedWork(setup(step, context), context);
    }

    @Override
    public final Optional<ReplayWork> replay(D step, StepContext context, Replaying how) {
        return Optional.of(new KeyedReplay(setup(step, context), context));
    }

    private KeyedWork.Setup setup(D step, StepContext context) {
        List<Statement> statements =
                step.applies().stream().map(context::statement).toList();
        ApplyStatements.Rule rule = new ApplyStatements.Rule(step.manyRowsPerKey(), step.where());
        return new KeyedWork.Setup(
                word(),
                step.where(),
                context.statement(step.keys()),
                step.lock() ? lock : KeysQuery.Lock.NONE,
                step.rejectLimit(),
                step.options(),
                query -> new ApplyStatements(statements, query, context, rule),
                passes,
                () -> {});
    }

    @Override
    public final void prove(D step, StepContext context, Connection connection, Proof proof) throws SQLException {
        boolean ends = passes > 0 || !apply.contains(Statement.Kind.UPDATE);
        new KeyedProof(step, context, connection, proof).prove(ends);
    }

    @Override
    public final void rehearse(D step, StepContext context, Rehearsal rehearsal) throws SQLException, IOException {
        List<Statement> statements =
                step.applies().stream().map(context::statement).toList();
        ApplyStatements.Rule rule = new ApplyStatements.Rule(step.manyRowsPerKey(), step.where());
        new KeyedRehearsal(
                        rehearsal,
                        context,
                        new KeyedRehearsal.Pages(
                                step.keys(), step.options(), step.lock() ? lock : KeysQuery.Lock.NONE, step.table()))
                .each((connection, query, keys) ->
                        new ApplyStatements(statements, query, context, rule).apply(connection, keys, new HashMap<>()));
    }

    @Override
    public final StepPlan plan(D step, StepContext context, Connection connection) throws SQLException {
        StepPlan plan = new KeyedPlan(word(), context, connection)
                .of(step.name(), step.keys(), step.options(), step.lock() ? lock : KeysQuery.Lock.NONE);
        return apply.equals(Set.of(Statement.Kind.DELETE)) ? plan.with(cascades(step, new Tables(connection))) : plan;
    }

    /** What goes although no statement of the step says so. */
    private Optional<String> cascades(D step, Tables tables) throws SQLException {
        List<String> silent = new ArrayList<>(tables.cascades(step.table()));
        for (String id : step.applies()) {
            silent.removeIf(table -> tables.same(id.substring(0, id.lastIndexOf('.')), table));
        }
        return silent.isEmpty()
                ? Optional.empty()
                : Optional.of("also deletes, by ON DELETE CASCADE and uncounted, from " + String.join(", ", silent));
    }
}
