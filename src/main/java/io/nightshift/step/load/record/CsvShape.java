package io.nightshift.step.load.record;

import io.nightshift.job.Dialect;
import io.nightshift.problem.ExitCode;
import io.nightshift.problem.ProblemException;
import io.nightshift.step.load.record.Content.Broken;
import io.nightshift.step.load.record.Content.Fields;
import java.io.IOException;
import java.util.List;
import java.util.OptionalInt;

/**
 * What the first record of a CSV file says about all others. It is looked at wherever reading begins, so that going on
 * in the middle reads as from the start.
 *
 * @param header              the names of the fields; empty without a header
 * @param fields              how many fields a record has; {@link #ANY} when that is not known
 * @param begin               where the first record behind a header is
 * @param loneReturnsEndLines whether lines end with CR alone
 */
record CsvShape(List<String> header, long fields, Position begin, boolean loneReturnsEndLines) {

    static final long ANY = -1;

    private static final CsvShape UNKNOWN = new CsvShape(List.of(), ANY, Position.START, false);

    static CsvShape of(SourceFile source, Dialect dialect, OptionalInt fields) throws IOException {
        try (CsvReader reader = new CsvReader(source, dialect, Position.START, UNKNOWN)) {
            Record first = reader.next();
            if (first == null) {
                return UNKNOWN;
            }
            List<String> header = dialect.header() ? names(source, first) : List.of();
            return new CsvShape(
                    header,
                    fields.orElse((int) reader.fieldCount()),
                    dialect.header()
                            ? new Position(0, first.end(), first.behind().line())
                            : Position.START,
                    reader.endedWithLoneReturn());
        }
    }

    private static List<String> names(SourceFile source, Record first) {
        if (first.content() instanceof Broken broken) {
            throw new ProblemException(
                    ExitCode.FAILED,
                    source.path() + ":" + broken.line(),
                    "the header " + broken.message() + ".",
                    "Repair the file, or write \"header: false\" and name the columns if it has none.");
        }
        Fields names = (Fields) first.content();
        return names.values().stream().map(name -> name == null ? "" : name).toList();
    }
}
