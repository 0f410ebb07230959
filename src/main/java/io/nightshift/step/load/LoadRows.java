package io.nightshift.step.load;

import io.nightshift.chunk.Reject;
import io.nightshift.step.load.record.CopyText;
import io.nightshift.step.load.record.Record;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The records of a page as rows for COPY, and those that cannot be rows.
 *
 * @param text   the rows, encoded
 * @param index  which record of the page each row is
 * @param faults why the other records are refused, by their index in the page, in order
 */
record LoadRows(LoadPage page, CopyText text, List<Integer> index, TreeMap<Integer, Reject.Cause> faults) {

    static LoadRows of(LoadPage page, boolean staged, boolean ignoreExtra) {
        CopyText text = new CopyText();
        List<Integer> index = new ArrayList<>();
        TreeMap<Integer, Reject.Cause> faults = new TreeMap<>();
        RowText rows = new RowText(page.file().mapping(), ignoreExtra);
        for (int i = 0; i < page.records().size(); i++) {
            RowText.Row row = rows.of(page.records().get(i));
            if (row.fault().isPresent()) {
                faults.put(i, row.fault().get());
                continue;
            }
            text.add(staged ? with(row.values(), page.records().get(i)) : row.values());
            index.add(i);
        }
        return new LoadRows(page, text, index, faults);
    }

    /** The staging table has one more column. */
    private static List<@Nullable String> with(List<@Nullable String> values, Record record) {
        List<@Nullable String> row = new ArrayList<>(values);
        row.add(Long.toString(record.number()));
        return row;
    }

    int count() {
        return index.size();
    }

    int recordIndex(int row) {
        return index.get(row);
    }

    Record record(int row) {
        return page.records().get(index.get(row));
    }

    /** How many rows come from records before this one. */
    int countBefore(int recordIndex) {
        int low = 0;
        int high = index.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (index.get(middle) < recordIndex) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
