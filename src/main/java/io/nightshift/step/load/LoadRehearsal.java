package io.nightshift.step.load;

import io.nightshift.chunk.Causes;
import io.nightshift.chunk.ChunkTools;
import io.nightshift.chunk.Counts;
import io.nightshift.chunk.RejectAllowance;
import io.nightshift.job.StepDefinition;
import io.nightshift.problem.ExitCode;
import io.nightshift.problem.ProblemException;
import io.nightshift.problem.Problems;
import io.nightshift.rehearse.Rehearsal;
import io.nightshift.step.StepContext;
import io.nightshift.step.load.read.InputFile;
import io.nightshift.step.load.read.InputFiles;
import io.nightshift.step.load.read.LoadSource;
import io.nightshift.step.load.read.OpenFile;
import io.nightshift.step.load.record.Record;
import io.nightshift.step.load.table.Target;
import io.nightshift.step.load.write.ApplyRecords;
import io.nightshift.step.load.write.CopyRows;
import io.nightshift.step.load.write.LoadChunks;
import io.nightshift.step.load.write.LoadPage;
import io.nightshift.step.load.write.Staging;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Rehearses the first records of some of the files. */
record LoadRehearsal(StepDefinition.Load step, StepContext context, Rehearsal rehearsal) {

    void each() throws SQLException, IOException {
        Target target = Target.find(rehearsal.connection(), step.table())
                .orElseThrow(() -> new ProblemException(
                        ExitCode.USAGE,
                        step.where(),
                        "there is no table " + step.table() + " in the database",
                        "Look at its spelling and at nightshift.database.search-path."));
        Problems problems = new Problems();
        LoadWork.checkColumns(step, target, problems);
        problems.throwIfAny(ExitCode.USAGE);
        List<InputFile> files = new InputFiles(step, context).listed();
        int every = Math.max(1, files.size() / rehearsal.samples());
        for (int file = 0; file < files.size(); file += every) {
            rehearse(target, files.get(file));
        }
        rehearsal.note("of each file that was tried, the first chunk; numbers that sequences gave are used up");
    }

    private void rehearse(Target target, InputFile file) throws SQLException, IOException {
        LoadSource source = new LoadSource(step, target, List.of(file));
        Problems problems = new Problems();
        source.map(problems);
        problems.throwIfAny(ExitCode.USAGE);
        Optional<OpenFile> opened = source.next();
        if (opened.isPresent()) {
            try (var reader = opened.get().reader()) {
                List<Record> records = records(opened.get());
                rehearsal.chunk(
                        file.path().getFileName().toString(),
                        connection -> apply(target, opened.get(), records, connection));
            }
        }
    }

    private List<Record> records(OpenFile file) throws IOException {
        List<Record> records = new ArrayList<>();
        while (records.size() < step.options().chunk()) {
            Record record = file.reader().next();
            if (record == null) {
                break;
            }
            records.add(record);
        }
        return records;
    }

    private long apply(Target target, OpenFile file, List<Record> records, Connection connection)
            throws SQLException, IOException {
        if (records.isEmpty()) {
            return 0;
        }
        CopyRows.Way way = new CopyRows.Way(
                target,
                new Staging(target),
                step.merge().map(context::statement),
                step.mergeKey(),
                context,
                Optional.empty());
        LoadChunks.LoadRule rule = LoadChunks.LoadRule.of(step);
        RejectAllowance allowance = new RejectAllowance(step.rejectLimit(), 0, 0);
        LoadPage page = new LoadPage(file, List.of(), records.get(0).start(), records, Instant.now());
        ApplyRecords.Applied applied =
                new ApplyRecords(way, rule).apply(new ChunkTools(connection, allowance, new Causes()), page);
        Counts counts = applied.counts();
        if (counts.rejected() > 0) {
            String what = "%,d of %,d records of %s were refused, the first one: %s"
                    .formatted(
                            counts.rejected(),
                            counts.read(),
                            file.input().path().getFileName(),
                            applied.rejects().get(0).cause().message());
            if (allowance.exceededBy(counts.read(), counts.rejected())) {
                rehearsal.fault(what + "; its reject-limit is " + step.rejectLimit());
            } else {
                rehearsal.note(what);
            }
        }
        return counts.read();
    }
}
