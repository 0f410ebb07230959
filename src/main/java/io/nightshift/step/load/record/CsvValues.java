package io.nightshift.step.load.record;

import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one CSV record: texts for whoever asks, and a way from the file's bytes into a row of COPY on which most
 * of them become no text at all.
 */
public final class CsvValues {

    /** The bytes are the value. */
    static final byte PLAIN = 0;
    /** The bytes between two quotes are the value. */
    static final byte QUOTED = 1;
    /** Without quotes, but with characters that COPY wants escaped. */
    static final byte SPECIAL = 2;
    /** Quotes somewhere, or quotes and such characters. */
    static final byte WOVEN = 3;

    private final byte[] bytes;
    private final int[] ends;
    private final byte[] kinds;
    private final Style style;
    private final boolean utf8;

    /**
     * @param bytes the record's own, from its first byte on
     * @param ends  where each field ends, counted from there
     * @param utf8  whether the bytes are UTF-8, or ASCII
     */
    CsvValues(byte[] bytes, int[] ends, byte[] kinds, Style style, boolean utf8) {
        this.bytes = bytes;
        this.ends = ends;
        this.kinds = kinds;
        this.style = style;
        this.utf8 = utf8;
    }

    /**
     * What all records of a file have in common.
     *
     * @param nullText the unquoted field that means NULL
     */
    record Style(byte quote, byte[] nullText, Charset charset) {}

    /** How many fields there are. */
    public int count() {
        return ends.length;
    }

    /** The values; null for NULL. */
    List<@Nullable String> texts() {
        List<@Nullable String> values = new ArrayList<>(ends.length);
        for (int field = 0; field < ends.length; field++) {
            values.add(text(field));
        }
        return Collections.unmodifiableList(values);
    }

    private @Nullable String text(int field) {
        int from = from(field);
        int to = ends[field];
        return switch (kinds[field]) {
            case PLAIN, SPECIAL -> isNull(from, to) ? null : new String(bytes, from, to - from, style.charset());
            case QUOTED -> new String(bytes, from + 1, to - from - 2, style.charset());
            default -> new String(unquoted(from, to), style.charset());
        };
    }

    /** Appends one field to the row. */
    public void append(int field, CopyText row) {
        int from = from(field);
        int to = ends[field];
        byte kind = kinds[field];
        if ((kind == PLAIN || kind == SPECIAL) && isNull(from, to)) {
            row.value(null);
        } else if (!utf8) {
            row.value(text(field));
        } else if (kind == PLAIN) {
            row.asItIs(bytes, from, to);
        } else if (kind == QUOTED) {
            row.asItIs(bytes, from + 1, to - 1);
        } else if (kind == SPECIAL) {
            row.escaped(bytes, from, to);
        } else {
            byte[] value = unquoted(from, to);
            row.escaped(value, 0, value.length);
        }
    }

    private int from(int field) {
        return field == 0 ? 0 : ends[field - 1] + 1;
    }

    private boolean isNull(int from, int to) {
        byte[] nullText = style.nullText();
        return to - from == nullText.length && Arrays.equals(bytes, from, to, nullText, 0, nullText.length);
    }

    // Quotes open and close anywhere in a field, as PostgreSQL reads them; inside, two of them are one.
    private byte[] unquoted(int from, int to) {
        byte[] unquoted = new byte[to - from];
        int length = 0;
        boolean inside = false;
        for (int i = from; i < to; i++) {
            if (bytes[i] != style.quote()) {
                unquoted[length++] = bytes[i];
            } else if (inside && i + 1 < to && bytes[i + 1] == style.quote()) {
                unquoted[length++] = style.quote();
                i++;
            } else {
                inside = !inside;
            }
        }
        return Arrays.copyOf(unquoted, length);
    }

    /** Whether the same values are meant, however they are written. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof CsvValues values && texts().equals(values.texts());
    }

    @Override
    public int hashCode() {
        return texts().hashCode();
    }

    @Override
    public String toString() {
        return texts().toString();
    }
}
