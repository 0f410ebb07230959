package io.nightshift.step.load;

import io.nightshift.step.load.record.CopyText;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.Map;

/** Finds rows by values as PostgreSQL's messages show them, byte by byte: a bad row in thousands must not take long. */
final class RowSearch {

    private static final byte[] NULL = {'\\', 'N'};
    private static final String NULL_SHOWN = "null";

    private final LoadRows rows;
    private final int columns;
    private final CopyText text = new CopyText();
    private final int[] ends;

    /** @param columns how many fields of each row are looked at */
    RowSearch(LoadRows rows, int columns) {
        this.rows = rows;
        this.columns = columns;
        this.ends = new int[columns];
    }

    /** The first row from (inclusive) to (exclusive) whose columns are written exactly like these; -1 when none is. */
    int find(Map<Integer, String> wanted, int from, int to) {
        Values values = new Values(wanted.values());
        for (int row = from; row < to; row++) {
            read(row);
            Iterator<Integer> columnsWanted = wanted.keySet().iterator();
            boolean all = true;
            for (int value = 0; all && columnsWanted.hasNext(); value++) {
                all = values.is(value, columnsWanted.next());
            }
            if (all) {
                return row;
            }
        }
        return -1;
    }

    /** The first of the rows from (inclusive) to (exclusive) that have most of these values; -1 when none has one. */
    int likest(Collection<String> wanted, int from, int to) {
        Values values = new Values(wanted);
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
        text.clear();
        rows.append(row, text);
        int column = 0;
        for (int at = 0; column < columns; at++) {
            if (text.bytes()[at] == '\t' || text.bytes()[at] == '\n') {
                ends[column++] = at;
            }
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
            int from = column == 0 ? 0 : ends[column - 1] + 1;
            int to = ends[column];
            byte[] bytes = text.bytes();
            return Arrays.equals(bytes, from, to, encoded.bytes(), encoded.offset(value), encoded.offset(value + 1) - 1)
                    || nulls[value] && Arrays.equals(bytes, from, to, NULL, 0, NULL.length);
        }
    }
}
