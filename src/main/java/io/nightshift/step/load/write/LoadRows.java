package io.nightshift.step.load.write;

import io.nightshift.chunk.Reject;
import io.nightshift.step.load.read.KeyDealer;
import io.nightshift.step.load.record.Content;
import io.nightshift.step.load.record.CopyText;
import io.nightshift.step.load.record.CsvValues;
import io.nightshift.step.load.record.Record;
import io.nightshift.step.load.table.KeyColumn;
import io.nightshift.step.load.table.RowText;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** The records of a page as rows for COPY, and those that cannot be rows. CSV is encoded only when it is sent. */
final class LoadRows {

    private final LoadPage page;
    private final boolean staged;
    private final int[] fields;
    /** Which record of the page each row is. */
    private final int[] index;
    /** Rows that are no CSV, and those of CSV that are wanted more than once: from the first one on. */
    private final CopyText encoded = new CopyText();

    private final TreeMap<Integer, Reject.Cause> faults = new TreeMap<>();
    private int count;
    private Optional<Boolean> differ = Optional.empty();

    private LoadRows(LoadPage page, boolean staged) {
        this.page = page;
        this.staged = staged;
        this.index = new int[page.records().size()];
        this.fields = page.file().mapping().positions();
    }

    static LoadRows of(LoadPage page, boolean staged, boolean ignoreExtra) {
        LoadRows rows = new LoadRows(page, staged);
        RowText text = new RowText(page.file().mapping(), ignoreExtra);
        for (int i = 0; i < page.records().size(); i++) {
            if (page.records().get(i).content() instanceof Content.Fields) {
                rows.index[rows.count++] = i;
            } else {
                rows.add(i, text.of(page.records().get(i)));
            }
        }
        return rows;
    }

    private void add(int recordIndex, RowText.Row row) {
        if (row.fault().isPresent()) {
            faults.put(recordIndex, row.fault().get());
            return;
        }
        row.values().forEach(encoded::value);
        end(encoded, page.records().get(recordIndex));
        index[count++] = recordIndex;
    }

    /** The staging table has one more column. */
    private void end(CopyText row, Record record) {
        if (staged) {
            row.value(Long.toString(record.number()));
        }
        row.endRow();
    }

    /** Appends a row, encoded. */
    void append(int row, CopyText text) {
        if (row < encoded.rows()) {
            text.copy(encoded, row);
            return;
        }
        CsvValues values = ((Content.Fields) record(row).content()).csv();
        for (int field : fields) {
            values.append(field, text);
        }
        end(text, record(row));
    }

    /** The rows up to this one (exclusive), encoded, and kept so: for those that may be sent again and looked through. */
    CopyText encoded(int to) {
        for (int row = encoded.rows(); row < to; row++) {
            append(row, encoded);
        }
        return encoded;
    }

    /** Whether surely no two rows have the same key. Looked at once: parts of the page have fewer rows, not other ones. */
    boolean allDiffer(List<KeyColumn> key) {
        if (differ.isEmpty()) {
            KeyDealer dealer = new KeyDealer(key, page.file().mapping(), 1);
            long[] hashes = new long[count];
            for (int row = 0; row < count; row++) {
                hashes[row] = dealer.hash(record(row));
            }
            Arrays.sort(hashes);
            differ = Optional.of(IntStream.range(1, count).noneMatch(i -> hashes[i] == hashes[i - 1]));
        }
        return differ.get();
    }

    /** Why the other records are refused, by their index in the page, in order. */
    TreeMap<Integer, Reject.Cause> faults() {
        return faults;
    }

    int count() {
        return count;
    }

    int recordIndex(int row) {
        return index[row];
    }

    Record record(int row) {
        return page.records().get(index[row]);
    }

    /** How many rows come from records before this one. */
    int countBefore(int recordIndex) {
        int low = 0;
        int high = count;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (index[middle] < recordIndex) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
