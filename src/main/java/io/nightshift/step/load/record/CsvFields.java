package io.nightshift.step.load.record;

import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where the fields of a CSV record lie in its bytes, and what they say. */
final class CsvFields {

    /** PostgreSQL's tables end at 1,600 columns; wider records are not kept, only counted. */
    static final int MOST = 65_536;

    private final byte quote;
    private final byte[] nullText;
    private final Charset charset;
    private int[] ends = new int[64];
    private int[] quotes = new int[64];
    private long count;
    private int quotesSoFar;
    private byte[] unquoted = new byte[0];

    CsvFields(char quote, String nullText, Charset charset) {
        this.quote = (byte) quote;
        this.nullText = nullText.getBytes(charset);
        this.charset = charset;
    }

    void clear() {
        count = 0;
        quotesSoFar = 0;
    }

    void countQuotes(int more) {
        quotesSoFar += more;
    }

    /** The field ends before this byte, counted from the record's first. */
    void end(long before) {
        if (count < MOST) {
            int i = (int) count;
            if (i == ends.length) {
                ends = Arrays.copyOf(ends, 2 * i);
                quotes = Arrays.copyOf(quotes, 2 * i);
            }
            ends[i] = (int) before;
            quotes[i] = quotesSoFar;
        }
        quotesSoFar = 0;
        count++;
    }

    long count() {
        return count;
    }

    /** The values; null for NULL. */
    List<@Nullable String> values(byte[] bytes, int start) {
        List<@Nullable String> values = new ArrayList<>((int) count);
        int from = start;
        for (int i = 0; i < count; i++) {
            int to = start + ends[i];
            values.add(value(bytes, from, to, quotes[i]));
            from = to + 1;
        }
        return Collections.unmodifiableList(values);
    }

    private @Nullable String value(byte[] bytes, int from, int to, int quoteCount) {
        if (quoteCount == 0) {
            return isNull(bytes, from, to) ? null : new String(bytes, from, to - from, charset);
        }
        if (quoteCount == 2 && bytes[from] == quote && bytes[to - 1] == quote) {
            return new String(bytes, from + 1, to - from - 2, charset);
        }
        return unquoted(bytes, from, to);
    }

    private boolean isNull(byte[] bytes, int from, int to) {
        return to - from == nullText.length && Arrays.equals(bytes, from, to, nullText, 0, nullText.length);
    }

    // Quotes open and close anywhere in a field, as PostgreSQL reads them; inside, two of them are one.
    private String unquoted(byte[] bytes, int from, int to) {
        if (unquoted.length < to - from) {
            unquoted = new byte[to - from];
        }
        int length = 0;
        boolean inside = false;
        for (int i = from; i < to; i++) {
            if (bytes[i] != quote) {
                unquoted[length++] = bytes[i];
            } else if (inside && i + 1 < to && bytes[i + 1] == quote) {
                unquoted[length++] = quote;
                i++;
            } else {
                inside = !inside;
            }
        }
        return new String(unquoted, 0, length, charset);
    }
}
