package io.nightshift.step.load.record;

import io.nightshift.job.Dialect;
import io.nightshift.job.Dialect.Format;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;

/** Opens files of records. */
public final class RecordReaders {

    private RecordReaders() {}

    /** Reads on from a place that a reader of the same file and dialect has given. */
    public static RecordReader open(Path file, Dialect dialect, Position from) throws IOException {
        return open(file, dialect, from, OptionalInt.empty());
    }

    /**
     * Reads on from a place that a reader of the same file and dialect has given.
     *
     * @param fields how many fields a CSV record has; when it is not said, as many as the file's first record
     * @throws io.nightshift.problem.ProblemException when the file's header cannot be read
     */
    public static RecordReader open(Path file, Dialect dialect, Position from, OptionalInt fields) throws IOException {
        return dialect.format() == Format.CSV
                ? CsvReader.open(SourceFile.csv(file, dialect), dialect, from, fields)
                : new JsonLinesReader(SourceFile.json(file, dialect), dialect, from);
    }

    /**
     * Reads the bytes of a record that was kept as if they still stood in their file.
     *
     * @param raw    as {@link Record#raw()} gave them
     * @param at     where the record began
     * @param fields how many fields a CSV record has
     */
    public static RecordReader kept(byte[] raw, Dialect dialect, Position at, OptionalInt fields) throws IOException {
        if (dialect.format() == Format.JSONL) {
            return new JsonLinesReader(new SourceBytes(raw, Encoding.ofJson(dialect.encoding())), dialect, at);
        }
        CsvShape shape =
                new CsvShape(List.of(), fields.isPresent() ? fields.getAsInt() : CsvShape.ANY, Position.START, false);
        return new CsvReader(new SourceBytes(raw, Encoding.ofCsv(dialect.encoding())), dialect, at, shape);
    }

    /** A record in which there is none: kept bytes that mean nothing in the dialect. */
    public static Record broken(byte[] raw, Position at) {
        Position behind = new Position(at.records() + 1, at.offset() + raw.length, at.line());
        Content.Broken nothing = new Content.Broken("holds no record", "22P04", at.line(), at.offset());
        return new Record(at, behind, new RawBytes(raw, raw.length), nothing);
    }
}
