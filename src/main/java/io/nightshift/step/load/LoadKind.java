package io.nightshift.step.load;

import io.nightshift.chunk.ReplayWork;
import io.nightshift.chunk.StepWork;
import io.nightshift.content.Home;
import io.nightshift.job.StepDefinition;
import io.nightshift.problem.Problems;
import io.nightshift.prove.Proof;
import io.nightshift.rehearse.Rehearsal;
import io.nightshift.sql.Statement;
import io.nightshift.step.AskPostgres;
import io.nightshift.step.Content;
import io.nightshift.step.StepContext;
import io.nightshift.step.StepKind;
import io.nightshift.step.StepPlan;
import io.nightshift.step.load.prove.LoadProof;
import io.nightshift.step.load.read.FilePatterns;
import io.nightshift.step.load.read.StandardInput;
import io.nightshift.step.load.table.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.springframework.stereotype.Component;

/** Records of CSV and JSONL files go into a table; a chunk is a range of records of one file. */
@Component
final class LoadKind implements StepKind<StepDefinition.Load> {

    @Override
    public Class<StepDefinition.Load> definition() {
        return StepDefinition.Load.class;
    }

    @Override
    public String word() {
        return "load";
    }

    @Override
    public void check(StepDefinition.Load step, Content content, Problems problems) {
        Content.Place place = new Content.Place(step.where(), problems);
        step.merge().ifPresent(id -> content.statement(place, "merge", id, Set.of("columns"))
                .ifPresent(merge -> checkMerge(place, merge)));
    }

    @Override
    public void ask(StepDefinition.Load step, AskPostgres postgres) {
        String key = step.into().isPresent() ? ".into" : ".merge";
        if (!postgres.table(step.where() + key, step.table())) {
            return;
        }
        try {
            Target target = Target.find(postgres.connection(), step.table()).orElseThrow();
            LoadWork.checkColumns(step, target, postgres.problems());
            if (step.into().isPresent() && !Target.takesCopies(postgres.connection(), step.table())) {
                postgres.problems()
                        .add(
                                step.where() + key,
                                step.table() + " is a view, into which COPY cannot write",
                                "Load the table behind it, or write a merge; a view that is not materialized can have a trigger INSTEAD OF INSERT.");
            }
            step.merge().ifPresent(id -> new AskMerge(postgres, target).about(id));
        } catch (SQLException refusal) {
            postgres.unexplained(step.where(), "a look at the catalog (" + refusal.getMessage() + ")");
        }
    }

    private static void checkMerge(Content.Place place, Statement merge) {
        if (merge.kind() == Statement.Kind.SELECT) {
            place.problems()
                    .add(
                            place.where() + ".merge",
                            merge.id() + " is a <" + merge.kind().name().toLowerCase(Locale.ROOT) + ">",
                            "A merge is an <insert>, <update> or <delete> that reads the table loaded.");
        }
        if (!merge.mentions("loaded")) {
            place.problems()
                    .add(
                            merge.where(),
                            "does not read the table loaded, in which the records of the chunk are",
                            "Write for example: INSERT INTO ... SELECT ... FROM loaded.");
        }
    }

    @Override
    public void checkInput(StepDefinition.Load step, Home home, Problems problems) {
        try {
            List<Path> files = new FilePatterns(home).find(step.from(), step.firstFrom());
            if (files.isEmpty()) {
                problems.add(
                        step.where() + ".from",
                        "there is no file " + String.join(", ", step.from()),
                        "Look at the path: in a job file a relative one is the home's, on the command line the"
                                + " caller's.");
            }
            for (Path file : files) {
                checkFile(step, file, problems);
            }
        } catch (IOException failure) {
            problems.add(step.where() + ".from", "cannot be read: " + failure.getMessage(), "Look at its rights.");
        }
    }

    private static void checkFile(StepDefinition.Load step, Path file, Problems problems) throws IOException {
        if (file.equals(StandardInput.MARK)) {
            return;
        }
        if (Files.isDirectory(file)) {
            problems.add(
                    step.where() + ".from",
                    file + " is a directory",
                    "Name the files in it, for example " + file + "/*.csv.");
        } else if (!Files.isReadable(file)) {
            problems.add(step.where() + ".from", file + " cannot be read", "Look at its rights.");
        } else if (Files.size(file) == 0 && step.dialect().header()) {
            problems.add(
                    step.where() + ".from",
                    file + " is empty: there is not even a header",
                    "If an empty file is meant, write \"header: false\" in the dialect.");
        }
    }

    @Override
    public void rehearse(StepDefinition.Load step, StepContext context, Rehearsal rehearsal)
            throws SQLException, IOException {
        new LoadRehearsal(step, context, rehearsal).each();
    }

    @Override
    public StepPlan plan(StepDefinition.Load step, StepContext context, Connection connection) throws SQLException {
        List<String> notes = new ArrayList<>();
        notes.add(step.merge()
                .map(merge -> "through the temporary table loaded and " + merge)
                .orElse("straight by COPY into " + step.table()));
        step.merge()
                .ifPresent(merge ->
                        notes.add("not explained: " + merge + " needs the table loaded, which a plan does not make"));
        StepWork.Total total = StepWork.Total.UNKNOWN;
        try {
            total = new LoadWork(step, context).estimate(connection, notes);
        } catch (IOException failure) {
            notes.add("its files cannot be read: " + failure.getMessage());
        }
        return new StepPlan(
                step.name(),
                word(),
                total.rows(),
                total.estimate(),
                step.options().chunk(),
                List.of(),
                notes);
    }

    @Override
    public Optional<ReplayWork> replay(StepDefinition.Load step, StepContext context, Replaying how) {
        return Optional.of(new LoadReplay(step, context, how));
    }

    @Override
    public void prove(StepDefinition.Load step, StepContext context, Connection connection, Proof proof)
            throws SQLException, IOException {
        new LoadProof(step, context, connection, proof).prove();
    }

    @Override
    public StepWork<?> work(StepDefinition.Load step, StepContext context) {
        return new LoadWork(step, context);
    }
}
