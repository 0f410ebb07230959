package io.nightshift.step.load;

import io.nightshift.chunk.ChunkTools;
import io.nightshift.chunk.ChunkWork;
import io.nightshift.chunk.LedgerEntry;
import io.nightshift.step.load.record.Record;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One connection of a load: takes the next records of whatever piece has some, and writes them. */
final class LoadChunks implements ChunkWork<LoadPage> {

    private final ReadAhead reading;
    private final ApplyRecords records;
    private final int chunk;
    private Optional<PieceQueue> claimed = Optional.empty();

    LoadChunks(ReadAhead reading, String step, CopyRows.Way way, LoadRule rule) {
        this.reading = reading;
        this.records = new ApplyRecords(way, rule);
        this.chunk = rule.chunk();
        reading.enter(step);
    }

    /**
     * @param chunk       records of one chunk
     * @param zone        in which times without one are read
     * @param ignoreExtra whether fields without a column are left out
     */
    record LoadRule(int chunk, String zone, boolean ignoreExtra) {}

    @Override
    public Optional<LoadPage> read(Connection connection) throws IOException {
        if (claimed.isEmpty()) {
            claimed = reading.claim(chunk);
        }
        return claimed.map(queue -> reading.head(queue, chunk))
                .map(head -> new LoadPage(
                        head.file(), head.after(), head.records().get(0).start(), head.records(), Instant.now()));
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

    @Override
    public void close() {
        claimed.ifPresent(reading::giveBack);
        reading.close();
    }
}
