package io.nightshift.step.load.record;

import io.nightshift.job.Dialect;
import io.nightshift.step.load.record.Content.Broken;
import io.nightshift.step.load.record.Content.Fields;
import java.io.IOException;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Reads the records of a CSV file, and says of a broken one what is wrong with it. */
final class CsvReader implements RecordReader {

    private static final String BAD_COPY_FILE_FORMAT = "22P04";

    private final CsvShape shape;
    private final RecordBuffer buffer;
    private final CsvFields fields;
    private final CsvScanner scanner;
    private final BadBytes badBytes;
    private Position at;

    CsvReader(Source source, Dialect dialect, Position from, CsvShape shape) throws IOException {
        Encoding encoding = source.encoding();
        this.shape = shape;
        this.at = from;
        this.fields = new CsvFields(dialect.quote(), dialect.nullText(), encoding.read());
        this.buffer = RecordBuffer.open(source, from, dialect.maxRecordBytes());
        this.scanner = new CsvScanner(buffer, fields, dialect, shape.loneReturnsEndLines());
        this.badBytes = new BadBytes(buffer, encoding);
    }

    static CsvReader open(SourceFile source, Dialect dialect, Position from, OptionalInt fields) throws IOException {
        CsvShape shape = CsvShape.of(source, dialect, fields);
        return new CsvReader(source, dialect, from.equals(Position.START) ? shape.begin() : from, shape);
    }

    @Override
    public List<String> header() {
        return shape.header();
    }

    @Override
    public @Nullable Record next() throws IOException {
        // Behind a byte order mark only, reading stands elsewhere than it ended.
        Position start = at.offset() == buffer.offset() ? at : new Position(at.records(), buffer.offset(), at.line());
        if (!scanner.scan()) {
            return null;
        }
        at = new Position(start.records() + 1, buffer.offset(), start.line() + scanner.lines());
        RawBytes raw = buffer.raw(scanner.length());
        return new Record(start, at, raw, content(start, raw));
    }

    private Content content(Position start, RawBytes raw) {
        if (scanner.isUnterminated()) {
            return unterminated(start);
        }
        if (buffer.isTooLong(scanner.length())) {
            return buffer.tooLong(start, scanner.length());
        }
        Broken bad = badBytes.find(start, (int) scanner.length(), scanner.nul(), scanner::linesBefore);
        if (bad != null) {
            return bad;
        }
        if (fields.count() > CsvFields.MOST || shape.fields() != CsvShape.ANY && fields.count() != shape.fields()) {
            return ragged(start);
        }
        byte[] bytes = raw.head().length == raw.length() ? raw.head() : buffer.copy((int) raw.length());
        return new Fields(fields.values(bytes, !buffer.hasHighBytes()));
    }

    private Broken unterminated(Position start) {
        long line = start.line() + scanner.linesBeforeQuote();
        String message = "opens a quote on line %d that nothing closes up to the end of the file".formatted(line);
        return new Broken(message, BAD_COPY_FILE_FORMAT, line, scanner.quoteOffset());
    }

    private Broken ragged(Position start) {
        String expected = fields.count() > CsvFields.MOST
                ? "more than the %d that can be read".formatted(CsvFields.MOST)
                : "expected %d".formatted(shape.fields());
        String message = "has %d %s, %s".formatted(fields.count(), fields.count() == 1 ? "field" : "fields", expected);
        return new Broken(message, BAD_COPY_FILE_FORMAT, start.line(), start.offset());
    }

    /** How many fields the record read last has, broken or not. */
    long fieldCount() {
        return fields.count();
    }

    /** Whether the record read last ended with CR alone. */
    boolean endedWithLoneReturn() {
        return scanner.endedWithLoneReturn();
    }

    @Override
    public void close() throws IOException {
        buffer.close();
    }
}
