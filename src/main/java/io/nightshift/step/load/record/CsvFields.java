package io.nightshift.step.load.record;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Notes where the fields of a CSV record lie in its bytes, while the record is scanned. */
final class CsvFields {

    /** PostgreSQL's tables end at 1,600 columns; wider records are not kept, only counted. */
    static final int MOST = 65_536;

    private final CsvValues.Style style;
    private final boolean utf8;
    private int[] ends = new int[64];
    private int[] quotes = new int[64];
    private boolean[] special = new boolean[64];
    private long count;
    private int quotesSoFar;
    private boolean specialSoFar;

    CsvFields(char quote, String nullText, Charset charset) {
        this.style = new CsvValues.Style((byte) quote, nullText.getBytes(charset), charset);
        this.utf8 = charset.equals(StandardCharsets.UTF_8);
    }

    void clear() {
        count = 0;
        quotesSoFar = 0;
        specialSoFar = false;
    }

    void countQuotes(int more) {
        quotesSoFar += more;
    }

    /** The field has a character that COPY wants escaped. */
    void noteSpecial() {
        specialSoFar = true;
    }

    /** The field ends before this byte, counted from the record's first. */
    void end(long before) {
        if (count < MOST) {
            int i = (int) count;
            if (i == ends.length) {
                ends = Arrays.copyOf(ends, 2 * i);
                quotes = Arrays.copyOf(quotes, 2 * i);
                special = Arrays.copyOf(special, 2 * i);
            }
            ends[i] = (int) before;
            quotes[i] = quotesSoFar;
            special[i] = specialSoFar;
        }
        quotesSoFar = 0;
        specialSoFar = false;
        count++;
    }

    long count() {
        return count;
    }

    /**
     * The values of the record.
     *
     * @param bytes the record's own, from its first byte on; they stay as they are
     * @param ascii whether all of them are ASCII
     */
    CsvValues values(byte[] bytes, boolean ascii) {
        byte[] kinds = new byte[(int) count];
        for (int i = 0; i < kinds.length; i++) {
            kinds[i] = kind(bytes, i == 0 ? 0 : ends[i - 1] + 1, i);
        }
        return new CsvValues(bytes, Arrays.copyOf(ends, kinds.length), kinds, style, utf8 || ascii);
    }

    private byte kind(byte[] bytes, int from, int field) {
        if (quotes[field] == 0) {
            return special[field] ? CsvValues.SPECIAL : CsvValues.PLAIN;
        }
        boolean around = quotes[field] == 2 && bytes[from] == style.quote() && bytes[ends[field] - 1] == style.quote();
        return around && !special[field] ? CsvValues.QUOTED : CsvValues.WOVEN;
    }
}
