package io.nightshift.step.load.prove;

import io.nightshift.chunk.Assignment;
import io.nightshift.job.StepDefinition;
import io.nightshift.problem.Problems;
import io.nightshift.prove.FileHash;
import io.nightshift.prove.Proof;
import io.nightshift.prove.StepRow;
import io.nightshift.step.StepContext;
import io.nightshift.step.load.read.Dealing;
import io.nightshift.step.load.read.InputFile;
import io.nightshift.step.load.read.InputFiles;
import io.nightshift.step.load.read.LoadSource;
import io.nightshift.step.load.read.OpenFile;
import io.nightshift.step.load.record.Position;
import io.nightshift.step.load.record.Record;
import io.nightshift.step.load.record.RecordReader;
import io.nightshift.step.load.table.Mapping;
import io.nightshift.step.load.table.RowText;
import io.nightshift.step.load.table.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Proves a load by its files and its table: the files have the bytes they had, each of their records lies in one range of
 * the ledger or is a reject in one, and the rows are there.
 */
public final class LoadProof {

    private final StepDefinition.Load step;
    private final StepContext context;
    private final Connection connection;
    private final Proof proof;
    private final Assignment assignment;
    private final Map<LoadRanges.Place, Long> rejects = new HashMap<>();
    private final Examples outside = new Examples();
    private final Examples unfit = new Examples();
    private boolean rejectsAreThere;

    public LoadProof(StepDefinition.Load step, StepContext context, Connection connection, Proof proof) {
        this.step = step;
        this.context = context;
        this.connection = connection;
        this.proof = proof;
        this.assignment = context.environment().assignment();
    }

    public void prove() throws SQLException, IOException {
        rejectsAreThere = StepRow.find(connection, assignment)
                .orElseThrow()
                .rejectsRemoved()
                .isEmpty();
        List<InputFile> files = new InputFiles(step, context)
                .written().stream().filter(file -> !file.skipped()).toList();
        List<InputFile> intact = intact(files);
        Optional<Target> target = Target.find(connection, step.table());
        if (target.isEmpty()) {
            proof.later(
                    step.table(), "is no table any more, so that neither its rows nor the records can be looked at");
            return;
        }
        readRejects();
        Problems problems = new Problems();
        LoadSource source = new LoadSource(step, target.get(), intact);
        source.map(problems);
        if (!problems.all().isEmpty()) {
            proof.unseen("whether its rows are there: the columns of %s have changed since".formatted(step.table()));
            return;
        }
        Dealing dealing = Dealing.read(connection, assignment);
        Map<Integer, LoadRanges> ranges = new TreeMap<>();
        for (int piece = 1; piece <= dealing.pieces(); piece++) {
            ranges.put(piece, LoadRanges.of(connection, assignment, piece));
        }
        RowsProof rows =
                new RowsProof(new RowsProof.Load(step, context, target.get(), rejectsAreThere), connection, proof);
        read(intact, source, new Dealt(dealing, ranges), rows);
        judge(intact, files, ranges.values());
        rows.finish();
    }

    private List<InputFile> intact(List<InputFile> files) throws IOException {
        List<InputFile> intact = new ArrayList<>();
        for (InputFile file : files) {
            boolean spooled = file.path().startsWith(context.home().state().resolve("spool"));
            if (!Files.isRegularFile(file.path()) && spooled) {
                proof.unseen("its input: it came by standard input, and the copy is not kept");
            } else if (!Files.isRegularFile(file.path())) {
                proof.broken(
                        file.path().toString(), "is gone since it was loaded, so that its records cannot be looked at");
            } else if (Files.size(file.path()) != file.size()
                    || !FileHash.of(file.path()).equals(file.hash())) {
                proof.broken(
                        file.path().toString(),
                        "has changed since it was loaded: it had %,d bytes and the SHA-256 %s"
                                .formatted(file.size(), file.hash()));
            } else {
                intact.add(file);
            }
        }
        if (!intact.isEmpty() && intact.size() == files.size()) {
            proof.held(
                    intact.size() == 1
                            ? "its file has the bytes that were loaded"
                            : "its %d files have the bytes that were loaded".formatted(intact.size()));
        }
        return intact;
    }

    private void readRejects() throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT file, record, byte_offset FROM %s.reject WHERE run = ? AND step = ? AND file IS NOT NULL"
                        .formatted(assignment.schema()))) {
            select.setLong(1, assignment.run());
            select.setString(2, assignment.step());
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    rejects.put(new LoadRanges.Place(row.getInt(1), row.getLong(2)), row.getLong(3));
                }
            }
        }
    }

    /** @param ranges those of each piece, by its number */
    private record Dealt(Dealing dealing, Map<Integer, LoadRanges> ranges) {}

    private void read(List<InputFile> files, LoadSource source, Dealt dealt, RowsProof rows)
            throws SQLException, IOException {
        for (InputFile file : files) {
            Mapping mapping = source.mapping(file);
            RowText text = new RowText(mapping, step.ignoreExtraColumns());
            rows.begin(mapping);
            try (RecordReader reader = source.reader(file, Position.START)) {
                Dealing.Dealer dealer = dealt.dealing().dealer(new OpenFile(file, mapping, reader));
                for (Record record = reader.next(); record != null; record = reader.next()) {
                    Optional<LoadRanges.Range> range = Objects.requireNonNull(
                                    dealt.ranges().get(dealer.piece(record)))
                            .of(new LoadRanges.Place(file.number(), record.number()));
                    if (range.isEmpty()) {
                        outside.add(place(file, record));
                    } else {
                        look(file, record, range.get(), text, rows);
                    }
                }
            }
            rows.flush();
        }
    }

    private void look(InputFile file, Record record, LoadRanges.Range range, RowText text, RowsProof rows)
            throws SQLException {
        LoadRanges.Place place = new LoadRanges.Place(file.number(), record.number());
        range.records++;
        if (place.equals(range.last) && range.lastOffset != record.end()) {
            proof.broken(
                    range.where(),
                    "ends at byte %,d, but the record that it names ends at byte %,d"
                            .formatted(range.lastOffset, record.end()));
        }
        Long offset = rejects.remove(place);
        if (offset != null) {
            range.rejects++;
            if (offset != record.offset()) {
                proof.broken(
                        place(file, record),
                        "is a reject of byte %,d, but begins at byte %,d".formatted(offset, record.offset()));
            }
            return;
        }
        RowText.Row row = text.of(record);
        if (row.fault().isEmpty()) {
            rows.add(new RowsProof.Candidate(range, place(file, record), row.values()));
        } else if (rejectsAreThere) {
            unfit.add(place(file, record));
        } else {
            range.faults++;
        }
    }

    private static String place(InputFile file, Record record) {
        return file.path() + ":" + record.line();
    }

    /** Holds the counts of every ledger row against what the files have in its range. */
    private void judge(List<InputFile> intact, List<InputFile> files, Collection<LoadRanges> pieces) {
        int before = proof.findings().size();
        outside.firstOf((count, first) -> proof.broken(
                first, "%,d records lie in no chunk of the ledger, this being the first".formatted(count)));
        unfit.firstOf((count, first) -> proof.broken(
                first, "%,d records cannot be rows and are no rejects, this being the first".formatted(count)));
        Set<Integer> readable =
                new TreeSet<>(intact.stream().map(InputFile::number).toList());
        long looked = 0;
        for (LoadRanges.Range range :
                pieces.stream().flatMap(piece -> piece.all().stream()).toList()) {
            if (files.stream().anyMatch(file -> in(range, file) && !readable.contains(file.number()))) {
                continue;
            }
            looked += range.records;
            if (range.records != range.read) {
                proof.broken(
                        range.where(), "counts %,d records, but %,d lie in it".formatted(range.read, range.records));
            }
            if (rejectsAreThere && range.rejects != range.rejected) {
                proof.broken(
                        range.where(),
                        "counts %,d rejects, but %,d lie in it".formatted(range.rejected, range.rejects));
            }
        }
        rejects.keySet().stream()
                .filter(place -> readable.contains(place.file()))
                .sorted()
                .limit(Proof.EXAMPLES)
                .forEach(place -> proof.broken("reject of record " + place, "is of no record that lies in a chunk"));
        if (proof.findings().size() == before && !intact.isEmpty()) {
            proof.held("each of %,d records lies in one chunk of the ledger, or is a reject in one".formatted(looked));
        }
    }

    private static boolean in(LoadRanges.Range range, InputFile file) {
        return file.number() >= Math.max(1, range.after.file()) && file.number() <= range.last.file();
    }
}
