package io.nightshift.step.load.record;

import io.nightshift.step.load.record.Content.Broken;
import org.jspecify.annotations.Nullable;

/** Bytes in a record that no text column can hold: NUL, and what is not text in the file's encoding. */
final class BadBytes {

    private static final String NOT_IN_REPERTOIRE = "22021";

    private final RecordBuffer buffer;
    private final Encoding encoding;

    BadBytes(RecordBuffer buffer, Encoding encoding) {
        this.buffer = buffer;
        this.encoding = encoding;
    }

    /** Where a bad byte stands: how many lines of the record lie before the byte of this index. */
    interface Lines {
        long before(int index);
    }

    /** The first one of the current record, unless there is none. */
    @Nullable
    Broken find(Position record, int length, long nul, Lines lines) {
        int start = buffer.start();
        int bad = buffer.hasHighBytes() ? encoding.firstBad(buffer.bytes(), start, start + length) - start : -1;
        if (nul < 0 && bad < 0) {
            return null;
        }
        boolean isNul = bad < 0 || nul >= 0 && nul < bad;
        int index = isNul ? (int) nul : bad;
        long offset = buffer.inFile(record.offset() + index);
        String message = isNul ? nul(offset) : notText(buffer.bytes()[start + index] & 0xff, offset);
        return new Broken(message, NOT_IN_REPERTOIRE, record.line() + lines.before(index), offset);
    }

    private static String nul(long offset) {
        return "has a NUL byte at byte offset %d, which PostgreSQL cannot store in text".formatted(offset);
    }

    private String notText(int b, long offset) {
        String name = encoding.declared().name();
        if (encoding.isConverted()) {
            return "has bytes at byte offset %d that are not %s text".formatted(offset, name);
        }
        String message = "has the byte 0x%02x at byte offset %d, which is not %s text".formatted(b, offset, name);
        boolean beginsLikeUtf16 = offset == 0 && (b == 0xff || b == 0xfe);
        return beginsLikeUtf16
                ? message + "; the file begins as UTF-16 does: \"encoding: UTF-16\" would read it"
                : message;
    }
}
