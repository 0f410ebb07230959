package io.nightshift.step.load.read;

import io.nightshift.chunk.OpenReject;
import io.nightshift.chunk.Reject;
import io.nightshift.job.Dialect;
import io.nightshift.job.StepDefinition;
import io.nightshift.problem.ExitCode;
import io.nightshift.problem.ProblemException;
import io.nightshift.problem.Problems;
import io.nightshift.step.load.record.Content;
import io.nightshift.step.load.record.Position;
import io.nightshift.step.load.record.Record;
import io.nightshift.step.load.record.RecordReader;
import io.nightshift.step.load.record.RecordReaders;
import io.nightshift.step.load.table.Mapping;
import io.nightshift.step.load.table.Target;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A file of which rejected records are tried again. They are read from the bytes that were kept; the file is needed for
 * records longer than what is kept, and where its fields were not frozen.
 */
public final class ReplayedFile {

    private final StepDefinition.Load step;
    private final Target target;
    private final InputFile input;
    private final Dialect dialect;
    private final List<String> fields;
    private Optional<Boolean> unchanged = Optional.empty();

    /** @param frozen the names of its fields, where they were frozen */
    public ReplayedFile(StepDefinition.Load step, Target target, InputFile input, Optional<List<String>> frozen)
            throws IOException {
        this.step = step;
        this.target = target;
        this.input = input;
        this.dialect = step.dialectOf(input.path().getFileName().toString());
        this.fields = frozen.isPresent() ? frozen.get() : written();
    }

    private List<String> written() throws IOException {
        if (!unchanged()) {
            throw new ProblemException(
                    ExitCode.REFUSED,
                    input.path().toString(),
                    "has changed or is gone, and its fields were not kept",
                    "Nothing was changed. Put the file back and try again.");
        }
        LoadSource source = new LoadSource(step, target, List.of(input));
        Problems problems = new Problems();
        source.map(problems);
        problems.throwIfAny(ExitCode.USAGE);
        return source.fields().getOrDefault(input.number(), List.of());
    }

    /** Looks once; a long file takes its time. */
    private boolean unchanged() throws IOException {
        if (unchanged.isEmpty()) {
            unchanged = Optional.of(InputFiles.isUnchanged(input));
        }
        return unchanged.get();
    }

    /** The record as it was refused; empty when too little of it is left. */
    public Optional<Record> record(OpenReject reject) throws IOException {
        Reject.InFile place = (Reject.InFile) reject.place();
        Position at = new Position(place.record() - 1, place.offset(), place.line());
        if (reject.length() <= reject.raw().length) {
            return Optional.of(kept(reject.raw(), at));
        }
        if (!unchanged()) {
            return Optional.empty();
        }
        try (RecordReader reader = RecordReaders.open(input.path(), dialect, at, count())) {
            return Optional.ofNullable(reader.next());
        }
    }

    private OptionalInt count() {
        return dialect.format() == Dialect.Format.CSV ? OptionalInt.of(fields.size()) : OptionalInt.empty();
    }

    private Record kept(byte[] raw, Position at) throws IOException {
        try (RecordReader reader = RecordReaders.kept(raw, dialect, at, count())) {
            Record record = reader.next();
            if (record != null && reader.next() == null) {
                return record;
            }
            Record some = record == null ? RecordReaders.broken(raw, at) : record;
            return some.meaning(
                    new Content.Broken("is not one record in the dialect of today", "22P04", at.line(), at.offset()));
        }
    }

    /** It with the way of its fields into the table as the job maps them today. */
    public OpenFile open(List<Record> records) throws IOException {
        Problems problems = new Problems();
        Mapping mapping = Mapping.of(
                List.copyOf(named(records)),
                step,
                target,
                problems,
                input.path().toString());
        problems.throwIfAny(ExitCode.USAGE);
        return new OpenFile(input, mapping, RecordReaders.kept(new byte[0], dialect, Position.START, count()));
    }

    /** A member that got its column only after the run has not been frozen with the others. */
    private Set<String> named(List<Record> records) {
        Set<String> names = new LinkedHashSet<>(fields);
        for (Record record : records) {
            if (record.content() instanceof Content.Members members) {
                members.values().keySet().stream()
                        .filter(name -> target.column(step.columns().getOrDefault(name, name))
                                .isPresent())
                        .forEach(names::add);
            }
        }
        return names;
    }
}
