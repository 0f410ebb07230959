package io.nightshift.step.load;

import io.nightshift.chunk.ChunkWork;
import io.nightshift.chunk.Ledger;
import io.nightshift.chunk.LedgerEntry;
import io.nightshift.chunk.Piece;
import io.nightshift.chunk.StepWork;
import io.nightshift.job.RejectLimit;
import io.nightshift.job.StepDefinition;
import io.nightshift.problem.Choices;
import io.nightshift.problem.ExitCode;
import io.nightshift.problem.ProblemException;
import io.nightshift.problem.Problems;
import io.nightshift.step.StepContext;
import io.nightshift.step.load.record.Position;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Freezes the files, looks whether their fields have columns, and opens the reader where the ledger stands. */
final class LoadWork implements StepWork<LoadPage> {

    private final StepDefinition.Load step;
    private final StepContext context;
    private Optional<Prepared> prepared = Optional.empty();

    LoadWork(StepDefinition.Load step, StepContext context) {
        this.step = step;
        this.context = context;
    }

    private record Prepared(LoadSource source, Target target) {}

    @Override
    public String kind() {
        return "load";
    }

    @Override
    public RejectLimit rejectLimit() {
        return step.rejectLimit();
    }

    @Override
    public Total prepare(Connection connection, boolean first) throws SQLException, IOException {
        Target target = Target.find(connection, step.table()).orElseThrow(this::noTable);
        checkMergeKey(target);
        InputFiles input = new InputFiles(step, context);
        List<InputFile> files = first ? input.freeze(connection) : input.frozen(connection);
        Ledger ledger = new Ledger(context.environment().assignment());
        if (first) {
            ledger.write(connection, List.of(new Piece(1, 1, Piece.START, Piece.START)));
        }
        Optional<Ledger.Position> stand = ledger.position(connection, 1);
        LoadSource source = new LoadSource(
                step,
                target,
                files,
                stand.map(Ledger.Position::last).orElse(Piece.START),
                stand.map(LoadWork::position).orElse(Position.START));
        checkFields(source, files);
        prepared = Optional.of(new Prepared(source, target));
        return first ? RecordEstimate.of(source, files) : Total.UNKNOWN;
    }

    /** How many records there may be, and a line about the files. Freezes nothing. */
    Total estimate(Connection connection, List<String> notes) throws SQLException, IOException {
        Target target = Target.find(connection, step.table()).orElseThrow(this::noTable);
        checkMergeKey(target);
        List<InputFile> files = new InputFiles(step, context).found();
        LoadSource source = new LoadSource(step, target, files, Piece.START, Position.START);
        checkFields(source, files);
        long bytes = files.stream().mapToLong(InputFile::size).sum();
        notes.add("%,d file%s, %,d bytes".formatted(files.size(), files.size() == 1 ? "" : "s", bytes));
        return RecordEstimate.of(source, files);
    }

    private static Position position(Ledger.Position stand) {
        LedgerEntry.Mark mark = stand.mark();
        return new Position(Long.parseLong(stand.last().get(1)), mark.offset(), mark.line());
    }

    private ProblemException noTable() {
        return new ProblemException(
                ExitCode.USAGE,
                step.where(),
                "there is no table " + step.table() + " in the database",
                "Look at its spelling and at nightshift.database.search-path, or migrate first: nightshift migrate up");
    }

    private void checkMergeKey(Target target) {
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

    /** Every file is looked at before the first row of the first one is written. */
    private void checkFields(LoadSource source, List<InputFile> files) throws IOException {
        Problems problems = new Problems();
        for (InputFile file : files) {
            if (!file.skipped()) {
                source.mapping(file, problems);
            }
        }
        problems.throwIfAny(ExitCode.USAGE);
    }

    @Override
    public ChunkWork<LoadPage> open() {
        Prepared ready = prepared.orElseThrow();
        CopyRows.Way way = new CopyRows.Way(
                ready.target(),
                new Staging(ready.target()),
                step.merge().map(context::statement),
                step.mergeKey(),
                context);
        return new LoadChunks(
                ready.source(),
                way,
                new LoadChunks.LoadRule(
                        step.options().chunk(), SessionZone.of(step.dialect().zone()), step.ignoreExtraColumns()));
    }
}
