package io.nightshift.step.load.write;

import io.nightshift.chunk.Bisect;
import io.nightshift.chunk.ChunkTools;
import io.nightshift.chunk.Counts;
import io.nightshift.chunk.Reject;
import io.nightshift.step.load.record.Record;
import io.nightshift.step.load.table.Mapping;
import io.nightshift.step.load.table.Target;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Applies the records of a page in their order, in the transaction of a chunk, and finds those that are refused. */
public final class ApplyRecords {

    private static final Object SEQUENCES = new Object();

    private final CopyRows.Way way;
    private final String zone;
    private final boolean ignoreExtra;
    /** Bad rows seldom come alone. */
    private final PartSize part = new PartSize();

    public ApplyRecords(CopyRows.Way way, LoadChunks.LoadRule rule) {
        this.way = way;
        this.zone = rule.zone();
        this.ignoreExtra = rule.ignoreExtra();
    }

    /**
     * What became of a page.
     *
     * @param done    how many of its records were dealt with: all, or those up to the reject that exceeds the limit
     * @param written how many of them were written
     * @param rejects those that were refused, in order
     */
    public record Applied(int done, long written, List<Reject> rejects) {

        public Counts counts() {
            return new Counts(done, written, rejects.size(), done - written - rejects.size());
        }
    }

    public Applied apply(ChunkTools tools, LoadPage page) throws SQLException, IOException {
        long begun = System.nanoTime();
        prepare(tools.connection());
        LoadRows rows = LoadRows.of(page, way.merge().isPresent(), ignoreExtra);
        List<Reject> rejects = new ArrayList<>();
        Bisect bisect = new Bisect(
                tools,
                new CopyRows(
                        tools.connection(), rows, way, page.file().mapping().columns()),
                (row, cause) -> rejects.add(reject(page, rows.record(row), cause)));
        int done = apply(bisect, rows, page, tools, rejects);
        rejects.sort(Comparator.comparingLong(reject -> ((Reject.InFile) reject.place()).record()));
        part.seen(done, bisect.rejected(), Duration.ofNanos(System.nanoTime() - begun));
        moveSequences(tools.connection(), page.file().mapping());
        return new Applied(done, bisect.written(), rejects);
    }

    /** How many records of the page are done: all, or those up to the reject that exceeds the limit. */
    private int apply(Bisect bisect, LoadRows rows, LoadPage page, ChunkTools tools, List<Reject> rejects)
            throws SQLException, IOException {
        int faults = rows.faults().size();
        if (!tools.allowance().exceededBy(page.records().size(), faults)) {
            rows.faults()
                    .forEach((record, cause) ->
                            rejects.add(reject(page, page.records().get(record), cause)));
            bisect.expect(faults);
            int size = part.records();
            boolean whole = size >= rows.count()
                    ? bisect.applyAll(0, rows.count())
                    : bisect.applyInParts(0, rows.count(), size);
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
                    // Looking and moving are two things: a connection with lower keys must not come in between.
                    synchronized (SEQUENCES) {
                        move.execute();
                    }
                }
            }
        }
    }
}
