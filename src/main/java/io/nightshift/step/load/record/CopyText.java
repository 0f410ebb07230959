package io.nightshift.step.load.record;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows in the text format of PostgreSQL's COPY, one line each, of which any range can be sent, and sent again. */
public final class CopyText {

    private static final int MOST_BYTES_PER_CHAR = 3;

    private byte[] bytes = new byte[64 * 1024];
    private int length;
    private int[] starts = new int[1024];
    private int rows;
    private boolean behindValue;

    /** Appends a row; null is NULL. */
    public void add(List<? extends @Nullable String> values) {
        for (String value : values) {
            value(value);
        }
        endRow();
    }

    /** Appends a value to the row that is not ended yet; null is NULL. */
    public void value(@Nullable String value) {
        separate();
        append(value);
    }

    /** Appends a value of UTF-8 in which nothing needs to be escaped. */
    void asItIs(byte[] value, int from, int to) {
        separate();
        ensure(to - from);
        System.arraycopy(value, from, bytes, length, to - from);
        length += to - from;
    }

    /** Appends a value of UTF-8. */
    void escaped(byte[] value, int from, int to) {
        separate();
        ensure(2L * (to - from));
        for (int i = from; i < to; i++) {
            appendEscaped(value[i]);
        }
    }

    private void separate() {
        if (behindValue) {
            ensure(1);
            bytes[length++] = '\t';
        }
        behindValue = true;
    }

    /** The values appended since the row before are a row. */
    public void endRow() {
        ensure(1);
        bytes[length++] = '\n';
        behindValue = false;
        if (++rows == starts.length) {
            starts = Arrays.copyOf(starts, 2 * rows);
        }
        starts[rows] = length;
    }

    /** Appends a row of another text. */
    public void copy(CopyText from, int row) {
        int start = from.offset(row);
        asItIs(from.bytes, start, from.offset(row + 1) - 1);
        endRow();
    }

    /** How many rows there are. */
    public int rows() {
        return rows;
    }

    /** How many bytes there are. */
    public int length() {
        return length;
    }

    /** Where this row begins in {@link #bytes}; for the number of rows, where the last one ends. */
    public int offset(int row) {
        return starts[row];
    }

    /** The encoded rows, up to {@code offset(rows())}; valid until the next row is added. */
    public byte[] bytes() {
        return bytes;
    }

    /** Forgets all rows and keeps the room they took. */
    public void clear() {
        rows = 0;
        length = 0;
    }

    private void append(@Nullable String value) {
        if (value == null) {
            ensure(2);
            bytes[length++] = '\\';
            bytes[length++] = 'N';
            return;
        }
        ensure((long) MOST_BYTES_PER_CHAR * value.length());
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < 0x80) {
                appendEscaped((byte) c);
            } else {
                i += appendWide(value, i);
            }
        }
    }

    private void appendEscaped(byte b) {
        byte escaped =
                switch (b) {
                    case '\\' -> '\\';
                    case '\n' -> 'n';
                    case '\r' -> 'r';
                    case '\t' -> 't';
                    default -> 0;
                };
        if (escaped != 0) {
            bytes[length++] = '\\';
        }
        bytes[length++] = escaped == 0 ? b : escaped;
    }

    // Returns how many characters more than one it took.
    private int appendWide(String value, int i) {
        int point = value.codePointAt(i);
        if (point < 0x800) {
            bytes[length++] = (byte) (0xc0 | point >> 6);
        } else if (point < 0x10000) {
            if (Character.isSurrogate((char) point)) {
                throw new IllegalArgumentException("half a surrogate pair is no text. This is a bug in Nightshift.");
            }
            bytes[length++] = (byte) (0xe0 | point >> 12);
            bytes[length++] = (byte) (0x80 | point >> 6 & 0x3f);
        } else {
            bytes[length++] = (byte) (0xf0 | point >> 18);
            bytes[length++] = (byte) (0x80 | point >> 12 & 0x3f);
            bytes[length++] = (byte) (0x80 | point >> 6 & 0x3f);
        }
        bytes[length++] = (byte) (0x80 | point & 0x3f);
        return Character.charCount(point) - 1;
    }

    private void ensure(long more) {
        if (length + more <= bytes.length) {
            return;
        }
        long most = Integer.MAX_VALUE - 8;
        if (length + more > most) {
            throw new IllegalStateException("rows of more than 2 GB in one chunk. This is a bug in Nightshift.");
        }
        bytes = Arrays.copyOf(bytes, (int) Math.min(Math.max(2L * bytes.length, length + more), most));
    }
}
