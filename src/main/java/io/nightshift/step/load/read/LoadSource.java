package io.nightshift.step.load.read;

import io.nightshift.chunk.Ledger;
import io.nightshift.job.Dialect;
import io.nightshift.job.StepDefinition;
import io.nightshift.problem.Problems;
import io.nightshift.step.load.record.Content;
import io.nightshift.step.load.record.Position;
import io.nightshift.step.load.record.Record;
import io.nightshift.step.load.record.RecordReader;
import io.nightshift.step.load.record.RecordReaders;
import io.nightshift.step.load.table.Mapping;
import io.nightshift.step.load.table.Target;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;

/** The files of a load that are still to be read, from where the ledger stands. */
public final class LoadSource {

    /** By file and record. */
    public static final Comparator<Ledger.Position> BY_PLACE = Comparator.<Ledger.Position>comparingInt(
                    stand -> Integer.parseInt(stand.last().get(0)))
            .thenComparingLong(stand -> Long.parseLong(stand.last().get(1)));

    private final StepDefinition.Load step;
    private final Target target;
    private final List<InputFile> files;
    private final Map<Integer, Mapping> mappings = new HashMap<>();
    private final Map<Integer, List<String>> fields = new HashMap<>();
    private Position position = Position.START;
    private int next;

    public LoadSource(StepDefinition.Load step, Target target, List<InputFile> files) {
        this.step = step;
        this.target = target;
        this.files = files;
    }

    /** Begins with the first file. */
    public void again() {
        next = 0;
        position = Position.START;
    }

    /** Goes on behind the position of a piece that is behind all others. */
    public void behind(Ledger.Position stand) {
        next = Integer.parseInt(stand.last().get(0)) - 1;
        position = new Position(
                Long.parseLong(stand.last().get(1)),
                stand.mark().offset(),
                stand.mark().line());
    }

    /** Opens the next file that is not left out: the first one at the position, the others at their start. */
    public Optional<OpenFile> next() throws IOException {
        Position from = position;
        while (next < files.size() && files.get(next).skipped()) {
            next++;
        }
        if (next >= files.size()) {
            return Optional.empty();
        }
        InputFile file = files.get(next++);
        position = Position.START;
        return Optional.of(new OpenFile(file, mapping(file), reader(file, from)));
    }

    /** Looks at the fields of every file, and adds what is wrong between them and the columns of the table. */
    public void map(Problems problems) throws IOException {
        for (InputFile file : files) {
            if (!file.skipped()) {
                fields.put(file.number(), fields(file));
                mappings.put(
                        file.number(),
                        Mapping.of(
                                fields.get(file.number()),
                                step,
                                target,
                                problems,
                                file.path().toString()));
            }
        }
    }

    /** The names that were found by {@link #map}, by the number of the file. */
    public Map<Integer, List<String>> fields() {
        return fields;
    }

    /** The way of the file's fields into the table; the files have been looked at. */
    public Mapping mapping(InputFile file) {
        return Objects.requireNonNull(mappings.get(file.number()), "every file has been mapped");
    }

    private List<String> fields(InputFile file) throws IOException {
        if (dialect(file).format() == Dialect.Format.JSONL) {
            return members(file);
        }
        if (!step.dialect().header()) {
            return IntStream.rangeClosed(1, positions(file))
                    .mapToObj(Integer::toString)
                    .toList();
        }
        try (RecordReader reader = reader(file, Position.START)) {
            return reader.header();
        }
    }

    /** How many fields a record has where no header tells: as many as the table, or, mapped, as the first record. */
    private int positions(InputFile file) throws IOException {
        if (step.columns().isEmpty()) {
            return target.columns().size();
        }
        try (RecordReader reader = reader(file, Position.START)) {
            Record first = reader.next();
            return first != null && first.content() instanceof Content.Fields fields
                    ? fields.values().size()
                    : step.columns().size();
        }
    }

    /** Every member that occurs in the file: COPY has one list of columns, and a chunk's end must not decide it. */
    private List<String> members(InputFile file) throws IOException {
        Set<String> names = new LinkedHashSet<>();
        try (RecordReader reader = reader(file, Position.START)) {
            for (Record record = reader.next(); record != null; record = reader.next()) {
                if (record.content() instanceof Content.Members members) {
                    names.addAll(members.values().keySet());
                }
            }
        }
        // A member that has no column makes its own line a reject, not the file unreadable.
        names.removeIf(
                name -> target.column(step.columns().getOrDefault(name, name)).isEmpty());
        return new ArrayList<>(names);
    }

    private Dialect dialect(InputFile file) {
        return step.dialectOf(file.path().getFileName().toString());
    }

    public RecordReader reader(InputFile file, Position from) throws IOException {
        Dialect dialect = dialect(file);
        boolean likeTheTable = dialect.format() == Dialect.Format.CSV
                && !dialect.header()
                && step.columns().isEmpty();
        OptionalInt fields = likeTheTable ? OptionalInt.of(target.columns().size()) : OptionalInt.empty();
        return RecordReaders.open(file.path(), dialect, from, fields);
    }
}
