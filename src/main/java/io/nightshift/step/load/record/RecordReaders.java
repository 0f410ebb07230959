package io.nightshift.step.load.record;

import io.nightshift.job.Dialect;
import io.nightshift.job.Dialect.Format;
import java.io.IOException;
import java.nio.file.Path;
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
}
