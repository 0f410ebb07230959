package io.nightshift.run.prove;

import io.nightshift.chunk.Assignment;
import io.nightshift.chunk.Counts;
import io.nightshift.content.Home;
import io.nightshift.database.Database;
import io.nightshift.job.JobDefinition;
import io.nightshift.job.StepDefinition;
import io.nightshift.job.file.JobFile;
import io.nightshift.problem.ExitCode;
import io.nightshift.problem.ProblemException;
import io.nightshift.problem.Problems;
import io.nightshift.prove.Finding;
import io.nightshift.prove.LedgerProof;
import io.nightshift.prove.Proof;
import io.nightshift.prove.StepRow;
import io.nightshift.run.books.FrozenContent;
import io.nightshift.run.books.Results;
import io.nightshift.run.books.RunRow;
import io.nightshift.run.books.Runs;
import io.nightshift.run.claim.RunLock;
import io.nightshift.run.work.Catalog;
import io.nightshift.run.work.Kinds;
import io.nightshift.run.work.WithoutAttempt;
import io.nightshift.run.work.Work;
import io.nightshift.step.ListedKeys;
import io.nightshift.step.StepContext;
import io.nightshift.step.StepKinds;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Proves what a run did: its ledger by itself, and then each step by the data and the input that it was about. Only
 * looks: a role that may SELECT is enough.
 */
public final class Prover {

    private final Home home;
    private final Database database;
    private final Runs runs;
    private final StepKinds kinds = Kinds.all();

    public Prover(Home home, Database database) {
        this.home = home;
        this.database = database;
        this.runs = new Runs(database);
    }

    /** A run, and the runs that its steps began, in the order in which they were looked at. */
    public record Proven(long run, String job, String state, List<ProvenStep> steps) {

        /** Whether there is nothing that does not hold, whatever explains it. */
        public boolean holds() {
            return steps.stream().allMatch(step -> step.proof().findings().isEmpty());
        }

        /** Whether later writes can explain everything that does not hold. */
        public boolean explained() {
            return steps.stream()
                    .flatMap(step -> step.proof().findings().stream())
                    .allMatch(Finding::later);
        }
    }

    /**
     * What was found out about one step of one run.
     *
     * @param kind empty for the run as a whole
     */
    public record ProvenStep(long run, String job, String kind, Proof proof) {}

    /**
     * Proves a run.
     *
     * @throws ProblemException when it is not there (2), or not finished (3)
     */
    public Proven prove(long number) {
        RunRow run = runs.get(number);
        refuseUnfinished(run);
        refuseRemoved(run);
        List<ProvenStep> steps = new ArrayList<>();
        try (Connection connection = database.dataSource().getConnection()) {
            connection.setReadOnly(true);
            prove(run, connection, steps);
        } catch (SQLException failure) {
            throw database.problem(failure);
        } catch (IOException failure) {
            throw new ProblemException(
                    ExitCode.FAILED,
                    "Run %d of %s".formatted(number, run.job()),
                    "a file cannot be read: " + failure.getMessage(),
                    "Nothing was changed. Look at the rights of the file.");
        }
        return new Proven(number, run.job(), run.state(), steps);
    }

    /** Completed runs that nobody has proven yet, oldest first; those that a step began are proven with theirs. */
    public List<Long> unproven() {
        return runs.unproven();
    }

    /** Writes down that a run was proven, and the runs that its steps began: their chunks may be collapsed now. */
    public void record(Proven proven, String who) {
        String how = proven.holds() ? "it holds" : "it holds, but for what later writes can explain";
        proven.steps().stream().map(ProvenStep::run).distinct().forEach(run -> runs.event(run, "proof", who, how));
    }

    private void refuseUnfinished(RunRow run) {
        if (!run.unfinished()) {
            return;
        }
        boolean alive = run.state().equals("STARTED") && new RunLock(database).held(run.run());
        Counts rows = new Results(database).rows(run.run());
        throw new ProblemException(
                ExitCode.REFUSED,
                "Run %d of %s".formatted(run.run(), run.job()),
                "is not finished: it is %s, with %,d read and %,d written so far"
                        .formatted(alive ? "running" : run.state(), rows.read(), rows.written()),
                alive
                        ? "Prove it when it has ended; see: nightshift status"
                        : "Go on with it: nightshift resume %d. Or end it: nightshift abandon %d"
                                .formatted(run.run(), run.run()));
    }

    private void refuseRemoved(RunRow run) {
        runs.booksRemoved(run.run()).ifPresent(at -> {
            throw new ProblemException(
                    ExitCode.REFUSED,
                    "Run %d of %s".formatted(run.run(), run.job()),
                    "is so old that its books were removed at %s: there is nothing left to prove"
                            .formatted(at.truncatedTo(ChronoUnit.SECONDS)),
                    "Its sums are still there: nightshift show " + run.run());
        });
    }

    private void prove(RunRow run, Connection connection, List<ProvenStep> steps) throws SQLException, IOException {
        Proof whole = new Proof("");
        new AttemptsProof(connection, database.schema(), run, whole).prove();
        steps.add(new ProvenStep(run.run(), run.job(), "", whole));
        List<Map.Entry<String, String>> frozen = new FrozenContent(database).of(run.run());
        Catalog catalog = Catalog.frozen(frozen, kinds);
        Optional<ListedKeys> listed = Work.listed(frozen);
        JobFile file = catalog.job(run.job());
        Problems problems = new Problems();
        JobDefinition definition = file.define(Work.values(run.parameters()), problems);
        problems.throwIfAny(ExitCode.USAGE);
        Work work = new Work(file, definition, Work.values(run.parameters()), run.contentHash(), listed);
        for (StepDefinition step : definition.steps()) {
            Proof proof = new Proof(step.name());
            steps.add(new ProvenStep(run.run(), run.job(), kinds.word(step), proof));
            prove(step, context(run, work, catalog, step), connection, proof);
            Optional<RunRow> child = proof.hasBegunRun() ? child(run, step, proof) : Optional.empty();
            if (child.isPresent()) {
                prove(child.get(), connection, steps);
            }
        }
    }

    private void prove(StepDefinition step, StepContext context, Connection connection, Proof proof)
            throws SQLException, IOException {
        Assignment assignment = context.environment().assignment();
        Optional<StepRow> row = StepRow.find(connection, assignment);
        if (row.isEmpty()) {
            proof.unseen("it never began");
            return;
        }
        if (!row.get().state().equals("COMPLETED")) {
            proof.unseen(
                    "it has not ended, but is " + row.get().state() + ": what it committed stays and is not proven");
            return;
        }
        new LedgerProof(connection, assignment, proof).of(row.get());
        kinds.prove(step, context, connection, proof);
    }

    /** The run that the step began, if its sums are those of the step. */
    private Optional<RunRow> child(RunRow run, StepDefinition step, Proof proof) {
        Optional<RunRow> child = runs.childOf(run.run(), step.name());
        if (child.isEmpty()) {
            proof.broken("step " + step.name(), "the run that it began is gone");
            return child;
        }
        Results results = new Results(database);
        Counts own = results.of(run.run(), step.name());
        Counts childs = results.rows(child.get().run());
        if (!own.equals(childs)) {
            proof.broken(
                    "step " + step.name(),
                    "counts %s, but run %d, which it began, counts %s"
                            .formatted(own.words(), child.get().run(), childs.words()));
        }
        return child;
    }

    private StepContext context(RunRow run, Work work, Catalog catalog, StepDefinition step) {
        return new WithoutAttempt(home, database, catalog, work)
                .context(
                        work.assignment(database.schema(), step.name(), run.run(), 0, 0),
                        new StepContext.Frozen(run.now(), run.asOf()));
    }
}
