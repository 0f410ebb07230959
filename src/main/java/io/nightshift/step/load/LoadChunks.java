package io.nightshift.step.load;

import io.nightshift.chunk.Bisect;
import io.nightshift.chunk.ChunkSize;
import io.nightshift.chunk.ChunkTools;
import io.nightshift.chunk.ChunkWork;
import io.nightshift.chunk.Counts;
import io.nightshift.chunk.LedgerEntry;
import io.nightshift.chunk.Reject;
import io.nightshift.step.load.record.Position;
import io.nightshift.step.load.record.Record;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads records in the order of files and lines and writes them chunk by chunk. */
final class LoadChunks implements ChunkWork<LoadPage> {

    /** Rows are held in memory until their chunk is committed. */
    private static final long MOST_BYTES = 16L << 20;

    private final LoadSource source;
    private final CopyRows.Way way;
    private final ChunkSize size;
    private final String zone;
    private final boolean ignoreExtra;
    private final Deque<Record> putBack = new ArrayDeque<>();
    private List<Record> page = List.of();
    private Optional<OpenFile> open;
    private List<String> after;
    private Position position;

    LoadChunks(LoadSource source, CopyRows.Way way, LoadRule rule, ChunkSize size) throws IOException {
        this.source = source;
        this.way = way;
        this.size = size;
        this.zone = rule.zone();
        this.ignoreExtra = rule.ignoreExtra();
        this.after = source.after();
        this.position = source.position();
        // Here and not in the first chunk: to find the place in a compressed file all before it is read.
        this.open = source.next(position);
    }

    /**
     * @param zone        in which times without one are read
     * @param ignoreExtra whether fields without a column are left out
     */
    record LoadRule(String zone, boolean ignoreExtra) {}

    @Override
    public Optional<LoadPage> read(Connection connection) throws IOException {
        while (true) {
            if (open.isEmpty()) {
                open = source.next(position);
                if (open.isEmpty()) {
                    return Optional.empty();
                }
            }
            List<Record> records = records(open.get());
            if (!records.isEmpty()) {
                page = records;
                return Optional.of(new LoadPage(open.get(), after, position, records, Instant.now()));
            }
            open.get().reader().close();
            open = Optional.empty();
            position = Position.START;
        }
    }

    private List<Record> records(OpenFile file) throws IOException {
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
        prepare(tools.connection());
        LoadRows rows = LoadRows.of(page, way.merge().isPresent(), ignoreExtra);
        List<Reject> rejects = new ArrayList<>();
        Bisect bisect = new Bisect(
                tools,
                new CopyRows(
                        tools.connection(),
                        rows.text(),
                        way,
                        page.file().mapping().columns()),
                (row, cause) -> rejects.add(reject(page, rows.record(row), cause)));
        int done = apply(bisect, rows, page, tools, rejects);
        rejects.sort(Comparator.comparingLong(reject -> ((Reject.InFile) reject.place()).record()));
        moveSequences(tools.connection(), page.file().mapping());
        Record last = page.records().get(done - 1);
        Counts counts = new Counts(done, bisect.written(), rejects.size(), done - bisect.written() - rejects.size());
        return new Outcome(
                new LedgerEntry(
                        1,
                        page.after(),
                        List.of(Integer.toString(page.file().input().number()), Long.toString(last.number())),
                        counts,
                        Map.of(),
                        new LedgerEntry.Mark(last.end(), last.behind().line()),
                        page.started()),
                rejects);
    }

    /** How many records of the page are done: all, or those up to the reject that exceeds the limit. */
    private static int apply(Bisect bisect, LoadRows rows, LoadPage page, ChunkTools tools, List<Reject> rejects)
            throws SQLException, IOException {
        int faults = rows.faults().size();
        if (!tools.allowance().exceededBy(page.records().size(), faults)) {
            rows.faults()
                    .forEach((record, cause) ->
                            rejects.add(reject(page, page.records().get(record), cause)));
            bisect.expect(faults);
            boolean whole = bisect.applyAll(0, rows.count());
            int done = whole ? page.records().size() : rows.recordIndex(bisect.consumed() - 1) + 1;
            long lastRecord = page.records().get(done - 1).number();
            rejects.removeIf(reject -> ((Reject.InFile) reject.place()).record() > lastRecord);
            return done;
        }
        return inOrder(bisect, rows, page, rejects, tools);
    }

    /** Unreadable records alone exceed the limit: goes on in the order of the file until they do. */
    private static int inOrder(Bisect bisect, LoadRows rows, LoadPage page, List<Reject> rejects, ChunkTools tools)
            throws SQLException, IOException {
        int sent = 0;
        for (Map.Entry<Integer, Reject.Cause> fault : rows.faults().entrySet()) {
            int upTo = rows.countBefore(fault.getKey());
            if (!bisect.applyAll(sent, upTo)) {
                return rows.recordIndex(bisect.consumed() - 1) + 1;
            }
            sent = upTo;
            rejects.add(reject(page, page.records().get(fault.getKey()), fault.getValue()));
            bisect.expect(1);
            if (tools.allowance().exceededBy(fault.getKey() + 1, rejects.size())) {
                return fault.getKey() + 1;
            }
        }
        return bisect.applyAll(sent, rows.count())
                ? page.records().size()
                : rows.recordIndex(bisect.consumed() - 1) + 1;
    }

    private static Reject reject(LoadPage page, Record record, Reject.Cause cause) {
        return new Reject(
                new Reject.InFile(page.file().input().number(), record.number(), record.line(), record.offset()),
                record.raw(),
                record.rawLength(),
                cause);
    }

    private void prepare(Connection connection) throws SQLException {
        try (PreparedStatement set = connection.prepareStatement("SELECT set_config('TimeZone', ?, true)")) {
            set.setString(1, zone);
            set.execute();
        }
        if (way.merge().isPresent()) {
            way.staging().prepare(connection);
        }
    }

    /** Keys that were loaded must not come again from the sequence that numbers new rows. */
    private void moveSequences(Connection connection, Mapping mapping) throws SQLException {
        for (Target.Column column : mapping.columns()) {
            if (column.sequence().isPresent()) {
                String sequence = column.sequence().get();
                try (PreparedStatement move = connection.prepareStatement(
                        """
                        SELECT setval('%s', top.value)
                        FROM (SELECT max(%s) AS value FROM %s) top,
                          %s sequence
                        WHERE top.value > sequence.last_value
                          OR top.value = sequence.last_value AND NOT sequence.is_called"""
                                .formatted(
                                        sequence.replace("'", "''"),
                                        column.quoted(),
                                        way.target().name(),
                                        sequence))) {
                    move.execute();
                }
            }
        }
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
