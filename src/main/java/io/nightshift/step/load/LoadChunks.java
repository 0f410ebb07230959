package io.nightshift.step.load;

import io.nightshift.chunk.ChunkSize;
import io.nightshift.chunk.ChunkTools;
import io.nightshift.chunk.ChunkWork;
import io.nightshift.chunk.LedgerEntry;
import io.nightshift.job.StepDefinition;
import io.nightshift.step.load.record.Position;
import io.nightshift.step.load.record.Record;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads records in the order of files and lines and writes them chunk by chunk. */
final class LoadChunks implements ChunkWork<LoadPage> {

    /** Rows are held in memory until their chunk is committed. */
    private static final long MOST_BYTES = 16L << 20;

    private final LoadSource source;
    private final ApplyRecords records;
    private final ChunkSize size;
    private final Deque<Record> putBack = new ArrayDeque<>();
    private List<Record> page = List.of();
    private Optional<OpenFile> open;
    private List<String> after;
    private Position position;

    LoadChunks(LoadSource source, CopyRows.Way way, LoadRule rule, ChunkSize size) throws IOException {
        this.source = source;
        this.records = new ApplyRecords(way, rule);
        this.size = size;
        this.after = source.after();
        this.position = source.position();
        // Here and not in the first chunk: to find the place in a compressed file all before it is read.
        this.open = source.next(position);
    }

    /**
     * @param zone        in which times without one are read
     * @param ignoreExtra whether fields without a column are left out
     */
    record LoadRule(String zone, boolean ignoreExtra) {

        static LoadRule of(StepDefinition.Load step) {
            return new LoadRule(SessionZone.of(step.dialect().zone()), step.ignoreExtraColumns());
        }
    }

    @Override
    public Optional<LoadPage> read(Connection connection) throws IOException {
        while (true) {
            if (open.isEmpty()) {
                open = source.next(position);
                if (open.isEmpty()) {
                    return Optional.empty();
                }
            }
            List<Record> records = next(open.get());
            if (!records.isEmpty()) {
                page = records;
                return Optional.of(new LoadPage(open.get(), after, position, records, Instant.now()));
            }
            open.get().reader().close();
            open = Optional.empty();
            position = Position.START;
        }
    }

    private List<Record> next(OpenFile file) throws IOException {
        List<Record> records = new ArrayList<>();
        long bytes = 0;
        int most = size.rows();
        while (records.size() < most && bytes < MOST_BYTES) {
            Record record = putBack.isEmpty() ? file.reader().next() : putBack.poll();
            if (record == null) {
                break;
            }
            records.add(record);
            bytes += record.rawLength();
        }
        return records;
    }

    @Override
    public Outcome write(ChunkTools tools, LoadPage page) throws SQLException, IOException {
        ApplyRecords.Applied applied = records.apply(tools, page);
        Record last = page.records().get(applied.done() - 1);
        return new Outcome(
                new LedgerEntry(
                        1,
                        page.after(),
                        List.of(Integer.toString(page.file().input().number()), Long.toString(last.number())),
                        applied.counts(),
                        Map.of(),
                        new LedgerEntry.Mark(last.end(), last.behind().line()),
                        page.started()),
                applied.rejects());
    }

    @Override
    public void rewind() {
        for (int last = page.size() - 1; last >= 0; last--) {
            putBack.addFirst(page.get(last));
        }
        page = List.of();
    }

    @Override
    public String place() {
        return after.isEmpty() ? "from the start" : "file %s behind record %s".formatted(after.get(0), after.get(1));
    }

    @Override
    public void committed(Outcome outcome) {
        page = List.of();
        after = outcome.entry().last();
        position = new Position(
                Long.parseLong(after.get(1)),
                outcome.entry().mark().offset(),
                outcome.entry().mark().line());
    }

    @Override
    public void close() throws IOException {
        if (open.isPresent()) {
            open.get().reader().close();
        }
    }
}
