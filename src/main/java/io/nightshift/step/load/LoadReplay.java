package io.nightshift.step.load;

import io.nightshift.chunk.ChunkTools;
import io.nightshift.chunk.Counts;
import io.nightshift.chunk.OpenReject;
import io.nightshift.chunk.Piece;
import io.nightshift.chunk.Reject;
import io.nightshift.chunk.ReplayWork;
import io.nightshift.job.StepDefinition;
import io.nightshift.sql.Statement;
import io.nightshift.step.StepContext;
import io.nightshift.step.StepKind;
import io.nightshift.step.load.read.FileFields;
import io.nightshift.step.load.read.InputFile;
import io.nightshift.step.load.read.InputFiles;
import io.nightshift.step.load.read.OpenFile;
import io.nightshift.step.load.read.ReplayedFile;
import io.nightshift.step.load.record.Record;
import io.nightshift.step.load.table.Target;
import io.nightshift.step.load.write.ApplyRecords;
import io.nightshift.step.load.write.CopyRows;
import io.nightshift.step.load.write.LoadChunks;
import io.nightshift.step.load.write.LoadPage;
import io.nightshift.step.load.write.NewerRows;
import io.nightshift.step.load.write.Staging;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Tries rejected records again: the bytes that were kept of each go the way of the load as the job says it now. */
final class LoadReplay implements ReplayWork {

    private final StepDefinition.Load step;
    private final StepContext context;
    private final StepKind.Replaying how;
    private final Map<Integer, ReplayedFile> files = new HashMap<>();
    private Optional<Target> target = Optional.empty();

    LoadReplay(StepDefinition.Load step, StepContext context, StepKind.Replaying how) {
        this.step = step;
        this.context = context;
        this.how = how;
    }

    @Override
    public String kind() {
        return "load";
    }

    @Override
    public int chunk() {
        return step.options().chunk();
    }

    @Override
    public void look() throws SQLException, IOException {
        LoadWork work = new LoadWork(step, context);
        Target found = work.target();
        work.checkMergeKey(found);
        target = Optional.of(found);
        try (Connection connection = context.environment().dataSource().getConnection()) {
            Map<Integer, List<String>> fields =
                    new FileFields(context.environment().assignment()).frozen(connection);
            for (InputFile file : new InputFiles(step, context).written()) {
                if (!file.skipped()) {
                    files.put(
                            file.number(),
                            new ReplayedFile(step, found, file, Optional.ofNullable(fields.get(file.number()))));
                }
            }
        }
    }

    @Override
    public Outcome apply(ChunkTools tools, List<OpenReject> rejects) throws SQLException, IOException {
        Map<Integer, List<OpenReject>> byFile = new TreeMap<>();
        for (OpenReject reject : rejects) {
            int file = reject.place() instanceof Reject.InFile in ? in.file() : 0;
            byFile.computeIfAbsent(file, number -> new ArrayList<>()).add(reject);
        }
        Outcome outcome = new Outcome(Counts.ZERO, Map.of());
        for (Map.Entry<Integer, List<OpenReject>> file : byFile.entrySet()) {
            outcome = outcome.plus(
                    files.containsKey(file.getKey())
                            ? apply(tools, files.get(file.getKey()), file.getValue())
                            : refused(file.getValue(), "cannot be tried again: it is no record of a file"));
        }
        return outcome;
    }

    private static Outcome refused(List<OpenReject> rejects, String why) {
        Map<Long, Reject.Cause> causes = new LinkedHashMap<>();
        rejects.forEach(reject -> causes.put(reject.id(), cause(why)));
        return new Outcome(new Counts(rejects.size(), 0, rejects.size(), 0), causes);
    }

    private static Reject.Cause cause(String why) {
        return new Reject.Cause(REPLAY_STATE, Optional.empty(), Optional.empty(), why, Optional.empty());
    }

    private Outcome apply(ChunkTools tools, ReplayedFile file, List<OpenReject> rejects)
            throws SQLException, IOException {
        List<Record> records = new ArrayList<>();
        List<OpenReject> gone = new ArrayList<>();
        Map<Long, Long> ids = new HashMap<>();
        for (OpenReject reject : rejects) {
            Optional<Record> record = file.record(reject);
            if (record.isPresent()) {
                records.add(record.get());
                ids.put(record.get().number(), reject.id());
            } else {
                gone.add(reject);
            }
        }
        Outcome outcome = refused(
                gone, "cannot be tried again: it is longer than what was kept, and its file has changed or is gone");
        return records.isEmpty() ? outcome : outcome.plus(apply(tools, file.open(records), records, ids));
    }

    private Outcome apply(ChunkTools tools, OpenFile file, List<Record> records, Map<Long, Long> ids)
            throws SQLException, IOException {
        Target into = target.orElseThrow();
        Optional<Statement> merge = step.merge().map(context::statement);
        Optional<NewerRows> newer = merge.isEmpty() || how.overwrite()
                ? Optional.empty()
                : NewerRows.before(
                        merge.get(),
                        into,
                        step.mergeKey(),
                        file,
                        new NewerRows.Replayed(
                                tools.connection(), context.environment().assignment()));
        CopyRows.Way way = new CopyRows.Way(into, new Staging(into), merge, step.mergeKey(), context, newer);
        LoadPage page = new LoadPage(file, Piece.START, records.get(0).start(), records, Instant.now());
        ApplyRecords.Applied applied = new ApplyRecords(way, LoadChunks.LoadRule.of(step)).apply(tools, page);
        Map<Long, Reject.Cause> refused = new LinkedHashMap<>();
        newer.ifPresent(rows -> rows.taken().forEach(record -> refused.put(ids.get(record), cause(rows.reason()))));
        for (Reject reject : applied.rejects()) {
            refused.put(ids.get(((Reject.InFile) reject.place()).record()), reject.cause());
        }
        int read = records.size();
        return new Outcome(
                new Counts(read, applied.written(), refused.size(), read - applied.written() - refused.size()),
                refused);
    }
}
