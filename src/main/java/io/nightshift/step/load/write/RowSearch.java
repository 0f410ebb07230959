package io.nightshift.step.load.write;

import io.nightshift.step.load.record.CopyText;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.Map;

/** Finds rows by values as PostgreSQL's messages show them, byte by byte: a bad row in thousands must not take long. */
final class RowSearch {

    private static final byte[] NULL = {'\\', 'N'};
    private static final String NULL_SHOWN = "null";

    private final CopyText text;
    private final int from;
    private final int to;
    /** Where each field of the row in hand begins, and one more. */
    private final int[] starts;

    /**
     * Looks through the rows from (inclusive) to (exclusive).
     *
     * @param columns how many fields of each row are looked at
     */
    RowSearch(LoadRows rows, int columns, int from, int to) {
        this.text = rows.encoded(to);
        this.from = from;
        this.to = to;
        this.starts = new int[columns + 1];
    }

    /** The first row from this one on whose columns are written exactly like these; -1 when none is. */
    int find(Map<Integer, String> wanted, int first) {
        Values values = new Values(wanted.values());
        for (int row = first; row < to; row++) {
            read(row);
            Iterator<Integer> columns = wanted.keySet().iterator();
            boolean all = true;
            for (int value = 0; all && columns.hasNext(); value++) {
                all = values.is(value, columns.next());
            }
            if (all) {
                return row;
            }
        }
        return -1;
    }

    /** The first of the rows that have most of these values; -1 when none has one. */
    int likest(Collection<String> wanted) {
        Values values = new Values(wanted);
        int columns = starts.length - 1;
        int likest = -1;
        int most = 0;
        for (int row = from; row < to && most < columns; row++) {
            read(row);
            int same = 0;
            for (int column = 0; column < columns; column++) {
                same += values.have(column) ? 1 : 0;
            }
            if (same > most) {
                most = same;
                likest = row;
            }
        }
        return likest;
    }

    private void read(int row) {
        byte[] bytes = text.bytes();
        int at = text.offset(row);
        starts[0] = at;
        for (int column = 1; column < starts.length; column++) {
            while (bytes[at] != '\t' && bytes[at] != '\n') {
                at++;
            }
            starts[column] = ++at;
        }
    }

    /** What is looked for, encoded as rows are. */
    private final class Values {
        private final CopyText encoded = new CopyText();
        private final boolean[] nulls;

        Values(Collection<String> values) {
            nulls = new boolean[values.size()];
            for (String value : values) {
                nulls[encoded.rows()] = value.equals(NULL_SHOWN);
                encoded.value(value);
                encoded.endRow();
            }
        }

        boolean have(int column) {
            for (int value = 0; value < nulls.length; value++) {
                if (is(value, column)) {
                    return true;
                }
            }
            return false;
        }

        boolean is(int value, int column) {
            byte[] bytes = text.bytes();
            int start = starts[column];
            int end = starts[column + 1] - 1;
            return Arrays.equals(
                            bytes, start, end, encoded.bytes(), encoded.offset(value), encoded.offset(value + 1) - 1)
                    || nulls[value] && Arrays.equals(bytes, start, end, NULL, 0, NULL.length);
        }
    }
}
