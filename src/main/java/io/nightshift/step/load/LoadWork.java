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
import io.nightshift.step.RowGuards;
import io.nightshift.step.StepContext;
import io.nightshift.step.load.read.Dealing;
import io.nightshift.step.load.read.FileFields;
import io.nightshift.step.load.read.InputFile;
import io.nightshift.step.load.read.InputFiles;
import io.nightshift.step.load.read.LoadSource;
import io.nightshift.step.load.read.PieceQueue;
import io.nightshift.step.load.read.ReadAhead;
import io.nightshift.step.load.read.RecordEstimate;
import io.nightshift.step.load.table.KeyColumn;
import io.nightshift.step.load.table.Target;
import io.nightshift.step.load.write.ApplyRecords;
import io.nightshift.step.load.write.CopyRows;
import io.nightshift.step.load.write.LoadChunks;
import io.nightshift.step.load.write.LoadPage;
import io.nightshift.step.load.write.Staging;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/** Freezes the files, looks whether their fields have columns, and opens the reader where the ledger stands. */
final class LoadWork implements StepWork<LoadPage> {

    /** More pieces than connections, so that none is idle at the end, and a later attempt may have more of them. */
    private static final int PIECES_PER_CONNECTION = 4;

    private final StepDefinition.Load step;
    private final StepContext context;
    private Optional<Looked> looked = Optional.empty();
    private OptionalLong maxRows = OptionalLong.empty();
    private Optional<ReadAhead> reading = Optional.empty();
    private Dealing dealing = Dealing.inOrder();

    LoadWork(StepDefinition.Load step, StepContext context) {
        this.step = step;
        this.context = context;
    }

    private record Looked(
            LoadSource source, Target target, Optional<List<KeyColumn>> key, List<InputFile> files, Total total) {}

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

    @Override
    public OptionalLong maxRows() {
        return maxRows;
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
        looked = Optional.of(new Looked(source, target, key(target), files, total));
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

    private Optional<List<KeyColumn>> key(Target target) throws SQLException {
        if (step.mergeKey().isEmpty()) {
            return Optional.empty();
        }
        try (Connection connection = context.environment().dataSource().getConnection()) {
            return KeyColumn.of(connection, target, step.mergeKey());
        }
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
        maxRows = new RowGuards(step.options().guards(), step.where()).most(connection, 0);
        if (first) {
            new InputFiles(step, context).freeze(connection, ready.files());
            new FileFields(context.environment().assignment())
                    .freeze(connection, ready.source().fields());
            dealing = chosen(connection, ready);
            ledger.write(
                    connection,
                    IntStream.rangeClosed(1, dealing.pieces())
                            .mapToObj(number -> new Piece(number, 1, Piece.START, Piece.START))
                            .toList());
            dealing.write(connection, context.environment().assignment());
        } else {
            dealing = Dealing.read(connection, context.environment().assignment());
        }
        reading = Optional.of(behindLedger(connection, ready.source()));
        return ready.total();
    }

    /** How records go to pieces, for as long as the run lives. */
    private Dealing chosen(Connection connection, Looked ready) throws SQLException {
        int wanted = step.options().connections();
        if (wanted == 1 || KeyColumn.refersToItself(connection, ready.target())) {
            return Dealing.inOrder();
        }
        int pieces = wanted * PIECES_PER_CONNECTION;
        if (step.merge().isEmpty()) {
            return Dealing.byUnit(pieces);
        }
        return ready.key().map(columns -> Dealing.byKey(pieces, columns)).orElseGet(Dealing::inOrder);
    }

    /** Reading begins behind what every piece has done; what the others have done beyond is passed over. */
    private ReadAhead behindLedger(Connection connection, LoadSource source) throws SQLException {
        Ledger ledger = new Ledger(context.environment().assignment());
        List<PieceQueue> queues = new ArrayList<>();
        List<Ledger.Position> stands = new ArrayList<>();
        for (int piece = 1; piece <= dealing.pieces(); piece++) {
            Optional<Ledger.Position> stand = ledger.position(connection, piece);
            queues.add(new PieceQueue(piece, stand.map(Ledger.Position::last).orElse(Piece.START)));
            stand.ifPresent(stands::add);
        }
        if (stands.size() == dealing.pieces()) {
            stands.stream().min(LoadSource.BY_PLACE).ifPresent(source::behind);
        }
        return new ReadAhead(source, dealing, queues);
    }

    @Override
    public int connections() {
        return Math.min(step.options().connections(), dealing.pieces());
    }

    @Override
    public void ready() throws IOException {
        reading.orElseThrow().open();
    }

    /** Connections may have left before all was done. */
    @Override
    public boolean prepareNextPass() throws SQLException, IOException {
        if (reading.orElseThrow().isDone()) {
            return false;
        }
        Looked ready = looked.orElseThrow();
        ready.source().again();
        try (Connection connection = context.environment().dataSource().getConnection()) {
            reading = Optional.of(behindLedger(connection, ready.source()));
        }
        ready();
        return true;
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
        checkColumns(step, target, problems);
        problems.throwIfAny(ExitCode.USAGE);
    }

    /** Adds a problem for every column that the step names and the table does not have. */
    static void checkColumns(StepDefinition.Load step, Target target, Problems problems) {
        for (String column : step.mergeKey()) {
            if (target.column(column).isEmpty()) {
                noColumn(step, target, ".merge-key", column, problems);
            }
        }
        step.columns().forEach((field, column) -> {
            if (target.column(column).isEmpty()) {
                noColumn(step, target, ".columns." + field, column, problems);
            }
        });
    }

    private static void noColumn(
            StepDefinition.Load step, Target target, String key, String column, Problems problems) {
        Optional<String> computed = target.whyComputed(column);
        problems.add(
                step.where() + key,
                computed.orElse(step.table() + " has no column \"" + column + "\""),
                computed.map(why -> "Name a column that can be written.")
                        .orElseGet(() -> new Choices(target.names()).advice(column)));
    }

    @Override
    public ChunkWork<LoadPage> open(ChunkSize size) {
        Looked ready = looked.orElseThrow();
        CopyRows.Way way = new CopyRows.Way(
                ready.target(),
                new Staging(ready.target(), ready.key()),
                step.merge().map(context::statement),
                step.mergeKey(),
                context,
                Optional.empty());
        ApplyRecords records = new ApplyRecords(way, LoadChunks.LoadRule.of(step));
        return new LoadChunks(reading.orElseThrow(), step.name(), records, size);
    }
}
