package io.nightshift.step.load;

import io.nightshift.chunk.ChunkSize;
import io.nightshift.chunk.ChunkWork;
import io.nightshift.chunk.Ledger;
import io.nightshift.chunk.Piece;
import io.nightshift.chunk.StepWork;
import io.nightshift.job.RejectLimit;
import io.nightshift.job.StepDefinition;
import io.nightshift.problem.Choices;
import io.nightshift.problem.ExitCode;
import io.nightshift.problem.ProblemException;
import io.nightshift.problem.Problems;
import io.nightshift.step.StepContext;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Freezes the files, looks whether their fields have columns, and opens the reader where the ledger stands. */
final class LoadWork implements StepWork<LoadPage> {

    private final StepDefinition.Load step;
    private final StepContext context;
    private Optional<Looked> looked = Optional.empty();

    LoadWork(StepDefinition.Load step, StepContext context) {
        this.step = step;
        this.context = context;
    }

    private record Looked(LoadSource source, Target target, List<InputFile> files, Total total) {}

    @Override
    public String kind() {
        return "load";
    }

    @Override
    public int chunk() {
        return step.options().chunk();
    }

    @Override
    public RejectLimit rejectLimit() {
        return step.rejectLimit();
    }

    /** Files are read here, for their hashes and fields: no transaction is open that long. */
    @Override
    public void look() throws SQLException, IOException {
        Target target = target();
        checkMergeKey(target);
        InputFiles input = new InputFiles(step, context);
        List<InputFile> frozen = input.frozen();
        List<InputFile> files = frozen.isEmpty() ? input.found() : frozen;
        LoadSource source = new LoadSource(step, target, files);
        Problems problems = new Problems();
        source.map(problems);
        problems.throwIfAny(ExitCode.USAGE);
        Total total = frozen.isEmpty() ? RecordEstimate.of(source, files) : Total.UNKNOWN;
        looked = Optional.of(new Looked(source, target, files, total));
    }

    /** How many records there may be, and a line about the files. Freezes nothing. */
    Total estimate(Connection connection, List<String> notes) throws SQLException, IOException {
        Target target = Target.find(connection, step.table()).orElseThrow(this::noTable);
        checkMergeKey(target);
        List<InputFile> files = new InputFiles(step, context).listed();
        LoadSource source = new LoadSource(step, target, files);
        Problems problems = new Problems();
        source.map(problems);
        problems.throwIfAny(ExitCode.USAGE);
        long bytes = files.stream().mapToLong(InputFile::size).sum();
        notes.add("%,d file%s, %,d bytes".formatted(files.size(), files.size() == 1 ? "" : "s", bytes));
        return RecordEstimate.of(source, files);
    }

    /** The table as it is now. */
    Target target() throws SQLException {
        try (Connection connection = context.environment().dataSource().getConnection()) {
            return Target.find(connection, step.table()).orElseThrow(this::noTable);
        }
    }

    @Override
    public Total prepare(Connection connection, boolean first) throws SQLException {
        Looked ready = looked.orElseThrow();
        Ledger ledger = new Ledger(context.environment().assignment());
        if (first) {
            new InputFiles(step, context).freeze(connection, ready.files());
            new FileFields(context.environment().assignment())
                    .freeze(connection, ready.source().fields());
            ledger.write(connection, List.of(new Piece(1, 1, Piece.START, Piece.START)));
        }
        ledger.position(connection, 1).ifPresent(ready.source()::behind);
        return ready.total();
    }

    private ProblemException noTable() {
        return new ProblemException(
                ExitCode.USAGE,
                step.where(),
                "there is no table " + step.table() + " in the database",
                "Look at its spelling and at nightshift.database.search-path, or migrate first: nightshift migrate up");
    }

    /** @throws ProblemException when the table has no such column */
    void checkMergeKey(Target target) {
        Problems problems = new Problems();
        for (String column : step.mergeKey()) {
            if (target.column(column).isEmpty()) {
                problems.add(
                        step.where() + ".merge-key",
                        step.table() + " has no column \"" + column + "\"",
                        new Choices(target.names()).advice(column));
            }
        }
        problems.throwIfAny(ExitCode.USAGE);
    }

    @Override
    public ChunkWork<LoadPage> open(ChunkSize size) throws IOException {
        Looked ready = looked.orElseThrow();
        CopyRows.Way way = new CopyRows.Way(
                ready.target(),
                new Staging(ready.target()),
                step.merge().map(context::statement),
                step.mergeKey(),
                context,
                Optional.empty());
        return new LoadChunks(ready.source(), way, LoadChunks.LoadRule.of(step), size);
    }
}
