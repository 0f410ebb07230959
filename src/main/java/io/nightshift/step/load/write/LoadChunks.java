package io.nightshift.step.load.write;

import io.nightshift.chunk.ChunkSize;
import io.nightshift.chunk.ChunkTools;
import io.nightshift.chunk.ChunkWork;
import io.nightshift.chunk.LedgerEntry;
import io.nightshift.job.StepDefinition;
import io.nightshift.step.load.read.PieceQueue;
import io.nightshift.step.load.read.ReadAhead;
import io.nightshift.step.load.record.Record;
import io.nightshift.step.load.table.SessionZone;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One connection of a load: takes the next records of whatever piece has some, and writes them. */
public final class LoadChunks implements ChunkWork<LoadPage> {

    private final ReadAhead reading;
    private final ApplyRecords records;
    private final ChunkSize size;
    private Optional<PieceQueue> claimed = Optional.empty();
    private List<String> after = List.of();

    public LoadChunks(ReadAhead reading, String step, ApplyRecords records, ChunkSize size) {
        this.reading = reading;
        this.records = records;
        this.size = size;
        reading.enter(step);
    }

    /**
     * @param zone        in which times without one are read
     * @param ignoreExtra whether fields without a column are left out
     */
    public record LoadRule(String zone, boolean ignoreExtra) {

        public static LoadRule of(StepDefinition.Load step) {
            return new LoadRule(SessionZone.of(step.dialect().zone()), step.ignoreExtraColumns());
        }
    }

    @Override
    public Optional<LoadPage> read(Connection connection) throws IOException {
        int rows = size.rows();
        if (claimed.isEmpty()) {
            claimed = reading.claim(rows);
        }
        return claimed.map(queue -> page(reading.head(queue, rows)));
    }

    private LoadPage page(PieceQueue.Head head) {
        after = head.after();
        return new LoadPage(head.file(), head.after(), head.records().get(0).start(), head.records(), Instant.now());
    }

    @Override
    public Outcome write(ChunkTools tools, LoadPage page) throws SQLException, IOException {
        ApplyRecords.Applied applied = records.apply(tools, page);
        Record last = page.records().get(applied.done() - 1);
        return new Outcome(
                new LedgerEntry(
                        claimed.orElseThrow().number(),
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
        reading.committed(
                claimed.orElseThrow(),
                (int) outcome.entry().counts().read(),
                outcome.entry().last());
        claimed = Optional.empty();
    }

    /** Records stay in the queue of their piece, which stays in hand, until they are committed. */
    @Override
    public void rewind() {}

    @Override
    public String place() {
        return after.isEmpty() ? "from the start" : "file %s behind record %s".formatted(after.get(0), after.get(1));
    }

    @Override
    public void close() {
        claimed.ifPresent(reading::giveBack);
        reading.close();
    }
}
