package io.nightshift.step.load;

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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads records in the order of files and lines and writes them chunk by chunk. */
final class LoadChunks implements ChunkWork<LoadPage> {

    /** Rows are held in memory until their chunk is committed. */
    private static final long MOST_BYTES = 16L << 20;

    private final LoadSource source;
    private final ApplyRecords records;
    private final int chunk;
    private Optional<OpenFile> open;
    private List<String> after;
    private Position position;

    LoadChunks(LoadSource source, CopyRows.Way way, LoadRule rule) throws IOException {
        this.source = source;
        this.records = new ApplyRecords(way, rule);
        this.chunk = rule.chunk();
        this.after = source.after();
        this.position = source.position();
        // Here and not in the first chunk: to find the place in a compressed file all before it is read.
        this.open = source.next(position);
    }

    /**
     * @param chunk       records of one chunk
     * @param zone        in which times without one are read
     * @param ignoreExtra whether fields without a column are left out
     */
    record LoadRule(int chunk, String zone, boolean ignoreExtra) {

        static LoadRule of(StepDefinition.Load step) {
            return new LoadRule(
                    step.options().chunk(), SessionZone.of(step.dialect().zone()), step.ignoreExtraColumns());
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
        while (records.size() < chunk && bytes < MOST_BYTES) {
            Record record = file.reader().next();
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
    public void committed(Outcome outcome) {
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
