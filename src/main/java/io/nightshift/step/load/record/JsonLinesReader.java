package io.nightshift.step.load.record;

import io.nightshift.job.Dialect;
import io.nightshift.step.load.record.Content.Broken;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a JSONL file: one JSON object per line, lines ending with LF or CRLF, blank ones ignored. */
final class JsonLinesReader implements RecordReader {

    private static final int LF = '\n';
    private static final int CR = '\r';
    private static final int END = -1;

    private final RecordBuffer buffer;
    private final BadBytes badBytes;
    private final boolean[] stops = new boolean[256];
    private Position at;

    private long length;
    private long nul;

    JsonLinesReader(Source source, Dialect dialect, Position from) throws IOException {
        this.at = from;
        this.buffer = RecordBuffer.open(source, from, dialect.maxRecordBytes());
        this.badBytes = new BadBytes(buffer, source.encoding());
        stops[LF] = true;
        stops[0] = true;
    }

    @Override
    public List<String> header() {
        return List.of();
    }

    @Override
    public @Nullable Record next() throws IOException {
        while (true) {
            Position start = new Position(at.records(), buffer.offset(), at.line());
            if (!buffer.begin()) {
                return null;
            }
            passLine();
            boolean blank = !buffer.isTooLong(length) && JsonLine.isBlank(buffer.bytes(), buffer.start(), (int) length);
            at = new Position(start.records() + (blank ? 0 : 1), buffer.offset(), start.line() + 1);
            if (!blank) {
                return new Record(start, at, buffer.raw(length), content(start));
            }
        }
    }

    private void passLine() throws IOException {
        nul = -1;
        int b = buffer.next(stops);
        while (b == 0) {
            nul = nul < 0 ? buffer.length() - 1 : nul;
            b = buffer.next(stops);
        }
        length = buffer.length() - (b == END ? 0 : 1);
        if (length > 0 && !buffer.isTooLong(length) && buffer.bytes()[buffer.start() + (int) length - 1] == CR) {
            length--;
        }
    }

    private Content content(Position start) {
        if (buffer.isTooLong(length)) {
            return buffer.tooLong(start, length);
        }
        Broken bad = badBytes.find(start, (int) length, nul, index -> 0);
        return bad != null ? bad : JsonLine.read(start, buffer.bytes(), buffer.start(), (int) length);
    }

    @Override
    public void close() throws IOException {
        buffer.close();
    }
}
