package io.nightshift.step.load.record;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Rows in the text format of PostgreSQL's COPY, one line each, of which any range can be sent, and sent again. */
public final class CopyText {

    private static final int MOST_BYTES_PER_CHAR = 3;

    private byte[] bytes = new byte[64 * 1024];
    private int length;
    private int[] starts = new int[1024];
    private int rows;

    /** Appends a row; null is NULL. */
    public void add(List<? extends @Nullable String> values) {
        if (rows == starts.length) {
            starts = Arrays.copyOf(starts, 2 * rows);
        }
        starts[rows++] = length;
        for (int i = 0; i < values.size(); i++) {
            if (i > 0) {
                ensure(1);
                bytes[length++] = '\t';
            }
            append(values.get(i));
        }
        ensure(1);
        bytes[length++] = '\n';
    }

    /** How many rows there are. */
    public int rows() {
        return rows;
    }

    /** Where this row begins in {@link #bytes}; for the number of rows, where the last one ends. */
    public int offset(int row) {
        return row == rows ? length : starts[row];
    }

    /** The encoded rows, up to {@code offset(rows())}; valid until the next row is added. */
    public byte[] bytes() {
        return bytes;
    }

    /** The first row from (inclusive) to (exclusive) whose fields are written exactly like these; -1 when none is. */
    public int find(Map<Integer, String> fields, int from, int to) {
        for (int row = from; row < to; row++) {
            List<String> written = fields(row);
            if (fields.entrySet().stream()
                    .allMatch(field ->
                            field.getKey() < written.size() && field.getValue().equals(written.get(field.getKey())))) {
                return row;
            }
        }
        return -1;
    }

    /** The first of the rows from (inclusive) to (exclusive) that have most of these values; -1 when none has one. */
    public int likest(Set<String> values, int from, int to) {
        int likest = -1;
        int most = 0;
        for (int row = from; row < to; row++) {
            int same = 0;
            for (String field : fields(row)) {
                same += values.contains(field) ? 1 : 0;
            }
            if (same > most) {
                most = same;
                likest = row;
            }
        }
        return likest;
    }

    /** As messages of the server show them: NULL is the word {@code null}. */
    private List<String> fields(int row) {
        String line = new String(bytes, offset(row), offset(row + 1) - 1 - offset(row), StandardCharsets.UTF_8);
        List<String> fields = new ArrayList<>();
        for (String field : line.split("\t", -1)) {
            fields.add(field.equals("\\N") ? "null" : field);
        }
        return fields;
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
                appendAscii(c);
            } else {
                i += appendWide(value, i);
            }
        }
    }

    private void appendAscii(char c) {
        char escaped =
                switch (c) {
                    case '\\' -> '\\';
                    case '\n' -> 'n';
                    case '\r' -> 'r';
                    case '\t' -> 't';
                    default -> 0;
                };
        if (escaped != 0) {
            bytes[length++] = '\\';
        }
        bytes[length++] = (byte) (escaped == 0 ? c : escaped);
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
