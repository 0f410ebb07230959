package io.nightshift.step.load.read;

import io.nightshift.step.load.record.Record;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/** The records of one piece that have been read and not yet been committed. Guarded by {@link ReadAhead}. */
public final class PieceQueue {

    /** What a record costs beside its bytes. */
    private static final int OVERHEAD = 250;

    static final Comparator<PieceQueue> BY_SIZE = Comparator.comparing(queue -> queue.records);

    /** By the first record of each; for those that have one. */
    static final Comparator<PieceQueue> BY_PLACE =
            Comparator.comparingInt(PieceQueue::firstFile).thenComparingLong(PieceQueue::firstRecord);

    private final int number;
    private final int doneFile;
    private final long doneRecord;
    private final Deque<Group> groups = new ArrayDeque<>();
    private List<String> after;
    private int records;
    private int complete;
    private long bytes;
    private boolean claimed;

    /** @param after where the ledger says the piece stands */
    public PieceQueue(int number, List<String> after) {
        this.number = number;
        this.after = after;
        this.doneFile = after.isEmpty() ? 0 : Integer.parseInt(after.get(0));
        this.doneRecord = after.isEmpty() ? 0 : Long.parseLong(after.get(1));
    }

    /** Consecutive records of the piece, from one file. */
    private record Group(OpenFile file, List<Record> records) {}

    /**
     * @param after   the position behind which the records begin
     * @param records at least one, all of one file
     */
    public record Head(OpenFile file, List<String> after, List<Record> records) {}

    static long size(Record record) {
        return record.rawLength() + OVERHEAD;
    }

    public int number() {
        return number;
    }

    /** Whether an earlier attempt has committed it. Fixed when the attempt began, so the reader needs no lock. */
    boolean hasDone(OpenFile file, Record record) {
        int at = file.input().number();
        return at < doneFile || at == doneFile && record.number() <= doneRecord;
    }

    /** The memory that they take. */
    long add(OpenFile file, List<Record> more) {
        long size = more.stream().mapToLong(PieceQueue::size).sum();
        groups.add(new Group(file, more));
        records += more.size();
        bytes += size;
        return size;
    }

    /** What is here belongs together: nobody need wait for more. */
    void complete() {
        complete = records;
    }

    boolean isEmpty() {
        return records == 0;
    }

    /** Whether a connection can take it now. */
    boolean isFree() {
        return !claimed && records > 0;
    }

    boolean has(int rows) {
        return records >= rows || complete > 0 || bytes >= ReadAhead.MOST_BYTES;
    }

    private long firstRecord() {
        return groups.element().records().get(0).number();
    }

    private int firstFile() {
        return groups.element().file().input().number();
    }

    void claim() {
        claimed = true;
    }

    void release() {
        claimed = false;
    }

    Head head(int rows) {
        OpenFile file = groups.element().file();
        List<Record> head = new ArrayList<>(Math.min(rows, records));
        long size = 0;
        for (Iterator<Group> rest = groups.iterator(); rest.hasNext() && head.size() < rows; ) {
            Group group = rest.next();
            if (group.file() != file) {
                break;
            }
            for (Record record : group.records()) {
                if (head.size() == rows || size >= ReadAhead.MOST_BYTES) {
                    return new Head(file, after, head);
                }
                head.add(record);
                size += size(record);
            }
        }
        return new Head(file, after, head);
    }

    /** The memory that is free again. */
    long remove(int committed, List<String> last) {
        long freed = 0;
        int left = committed;
        while (left > 0) {
            Group group = groups.remove();
            int take = Math.min(left, group.records().size());
            freed += group.records().subList(0, take).stream()
                    .mapToLong(PieceQueue::size)
                    .sum();
            if (take < group.records().size()) {
                groups.addFirst(new Group(
                        group.file(),
                        group.records().subList(take, group.records().size())));
            }
            left -= take;
        }
        records -= committed;
        complete = Math.max(0, complete - committed);
        bytes -= freed;
        after = last;
        return freed;
    }
}
