package io.nightshift.step.load.read;

import io.nightshift.step.load.record.Record;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads the files of a load in a thread of its own, ahead of the connections that write, and deals the records to
 * pieces. A piece is in the hands of one connection at a time, and its records come in the order of files and lines;
 * which connection gets which piece next is left to who is free. Thread-safe.
 */
public final class ReadAhead implements Closeable {

    /** The most that one chunk may hold of a piece. */
    static final long MOST_BYTES = 16L << 20;

    /** What waits to be written may fill this part of the heap, and no more than so much. */
    private static final int HEAP_SHARE = 5;

    private static final long MOST_ROOM = 24L << 20;

    /** Records are handed over in groups, so that the lock is rarely taken. */
    private static final int GROUP_BYTES = 256 * 1024;

    private final LoadSource source;
    private final Dealing dealing;
    private final List<PieceQueue> queues;
    private final long room;
    private Optional<OpenFile> opened = Optional.empty();
    private long buffered;
    private boolean full;
    private boolean finished;
    private boolean closed;
    private @Nullable Exception failure;
    private int users;

    /** @param queues one per piece, each standing where the ledger says */
    public ReadAhead(LoadSource source, Dealing dealing, List<PieceQueue> queues) {
        this.source = source;
        this.dealing = dealing;
        this.queues = queues;
        this.room = Math.min(MOST_ROOM, Runtime.getRuntime().maxMemory() / HEAP_SHARE);
    }

    /** Finds the place to go on from; in a compressed file all before it is read, so it is done in no transaction. */
    public void open() throws IOException {
        opened = source.next();
    }

    /** One more connection takes part. */
    public synchronized void enter(String step) {
        if (users++ == 0 && !closed) {
            Thread reader = new Thread(this::read, "nightshift reader of " + step);
            reader.setDaemon(true);
            reader.start();
        }
    }

    /** One connection fewer; the last one ends the reading. */
    @Override
    public synchronized void close() {
        if (--users == 0) {
            closed = true;
            notifyAll();
        }
    }

    /** Whether all records of all files have been committed. */
    public synchronized boolean isDone() {
        return finished && queues.stream().allMatch(PieceQueue::isEmpty);
    }

    // ---- for the connections ----

    /**
     * The next records of a piece that nobody else works on, which is the caller's until it is given back.
     *
     * @param rows how many, if they are there
     * @return empty when nothing is left for another connection
     */
    public synchronized Optional<PieceQueue> claim(int rows) throws IOException {
        while (true) {
            throwFailure();
            Optional<PieceQueue> next = best(rows);
            if (next.isPresent() || closed || finished && queues.stream().allMatch(PieceQueue::isEmpty)) {
                next.ifPresent(PieceQueue::claim);
                return next;
            }
            await();
        }
    }

    /** The earliest one that has enough; the largest one when no more can come for now. */
    private Optional<PieceQueue> best(int rows) {
        return finished || full
                ? queues.stream().filter(PieceQueue::isFree).max(PieceQueue.BY_SIZE)
                : queues.stream()
                        .filter(PieceQueue::isFree)
                        .filter(queue -> queue.has(rows))
                        .min(PieceQueue.BY_PLACE);
    }

    /** A look at the first records of a piece in hand. */
    public synchronized PieceQueue.Head head(PieceQueue claimed, int rows) {
        return claimed.head(rows);
    }

    /** So many of its first records are committed. */
    public synchronized void committed(PieceQueue claimed, int records, List<String> last) {
        buffered -= claimed.remove(records, last);
        giveBack(claimed);
    }

    /** Somebody else may go on with it. */
    public synchronized void giveBack(PieceQueue claimed) {
        claimed.release();
        notifyAll();
    }

    private void throwFailure() throws IOException {
        if (failure instanceof RuntimeException broken) {
            throw broken;
        }
        if (failure != null) {
            throw new IOException(failure.getMessage(), failure);
        }
    }

    private void await() {
        try {
            wait();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            closed = true;
        }
    }

    // ---- the reading thread ----

    private void read() {
        try {
            Optional<OpenFile> next = opened;
            while (next.isPresent()) {
                try (OpenFile file = next.get()) {
                    read(file);
                }
                next = isClosed() ? Optional.empty() : source.next();
            }
            end(null);
        } catch (IOException | RuntimeException broken) {
            end(broken);
        }
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    private synchronized void end(@Nullable Exception broken) {
        failure = broken;
        finished = broken == null && !closed;
        notifyAll();
    }

    private void read(OpenFile file) throws IOException {
        Dealing.Dealer dealer = dealing.dealer(file);
        Map<Integer, List<Record>> groups = new HashMap<>();
        long bytes = 0;
        for (Record record = file.reader().next();
                record != null;
                record = file.reader().next()) {
            int piece = dealer.piece(record);
            if (queues.get(piece - 1).hasDone(file, record)) {
                continue;
            }
            groups.computeIfAbsent(piece, number -> new ArrayList<>()).add(record);
            bytes += PieceQueue.size(record);
            boolean unitEnds = dealer.endsUnit(record);
            if (bytes >= GROUP_BYTES || unitEnds) {
                if (!handOver(file, groups, unitEnds)) {
                    return;
                }
                groups = new HashMap<>();
                bytes = 0;
            }
        }
        handOver(file, groups, true);
    }

    /** Waits for room; false when nobody reads any more. */
    private synchronized boolean handOver(OpenFile file, Map<Integer, List<Record>> groups, boolean complete) {
        while (buffered >= room && !closed) {
            full = true;
            notifyAll();
            await();
        }
        full = false;
        groups.forEach((piece, records) -> buffered += queues.get(piece - 1).add(file, records));
        if (complete) {
            queues.forEach(PieceQueue::complete);
        }
        notifyAll();
        return !closed;
    }
}
