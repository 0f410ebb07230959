package io.nightshift.keyed;

import io.nightshift.chunk.Bisect;
import io.nightshift.chunk.ChunkSize;
import io.nightshift.chunk.ChunkTools;
import io.nightshift.chunk.ChunkWork;
import io.nightshift.chunk.Counts;
import io.nightshift.chunk.LedgerEntry;
import io.nightshift.chunk.Reject;
import io.nightshift.sql.Keys;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One connection of a step whose chunk is a page of keys: reads pages in key order, and applies each as a whole. */
final class KeyedChunks implements ChunkWork<KeyPage> {

    private final KeyRange range;
    private final Pieces pieces;
    private final PageApply apply;
    private final ChunkSize size;
    private final Set<List<String>> leftOut;
    private Optional<Pieces.Claim> current = Optional.empty();

    /**
     * @param leftOut keys that an earlier pass has rejected
     * @param size    keys of a page
     */
    KeyedChunks(KeyRange range, Pieces pieces, PageApply apply, Set<List<String>> leftOut, ChunkSize size) {
        this.range = range;
        this.pieces = pieces;
        this.apply = apply;
        this.leftOut = leftOut;
        this.size = size;
    }

    @Override
    public Optional<KeyPage> read(Connection connection) throws SQLException {
        if (current.isEmpty()) {
            current = pieces.claim();
        }
        return current.isEmpty() ? Optional.empty() : Optional.of(page(connection, current.get()));
    }

    private KeyPage page(Connection connection, Pieces.Claim claim) throws SQLException {
        Instant started = Instant.now();
        List<String> behind = claim.after().isEmpty() ? claim.piece().lower() : claim.after();
        int limit = size.rows();
        Keys found = range.read(connection, behind, claim.piece().upper(), limit);
        List<String> last = found.size() < limit ? claim.piece().upper() : found.get(found.size() - 1);
        // A join in the keys query may name a key several times.
        Keys keys = found.distinct().without(leftOut);
        return new KeyPage(claim.piece(), claim.after(), last, keys, started);
    }

    @Override
    public Outcome write(ChunkTools tools, KeyPage page) throws SQLException, IOException {
        List<Reject> rejects = new ArrayList<>();
        Map<String, Long> tables = new LinkedHashMap<>();
        Bisect bisect = new Bisect(
                tools,
                new Application(tools.connection(), page.keys(), tables),
                (row, cause) ->
                        rejects.add(new Reject(new Reject.AtKey(page.keys().get(row)), new byte[0], 0, cause)));
        boolean whole = bisect.applyAll(0, page.keys().size());
        int done = bisect.consumed();
        List<String> last = whole ? page.last() : page.keys().get(done - 1);
        Counts counts =
                new Counts(done, bisect.written(), bisect.rejected(), done - bisect.written() - bisect.rejected());
        return new Outcome(
                new LedgerEntry(
                        page.piece().number(),
                        page.after(),
                        last,
                        counts,
                        tables,
                        new LedgerEntry.Mark(apply.flush(), 0),
                        page.started()),
                rejects);
    }

    @Override
    public void committed(Outcome outcome) {
        List<String> last = outcome.entry().last();
        current = current.filter(claim -> !last.equals(claim.piece().upper()))
                .map(claim -> new Pieces.Claim(claim.piece(), last));
    }

    @Override
    public void rewind() throws SQLException {
        apply.rewind();
    }

    @Override
    public String place() {
        return current.map(claim -> "piece %d %s"
                        .formatted(
                                claim.piece().number(),
                                claim.after().isEmpty()
                                        ? "from its start"
                                        : "behind " + String.join("/", claim.after())))
                .orElse("next piece");
    }

    /** Applies a part of the page, and counts rows per table only for what is not rolled back. */
    private final class Application implements Bisect.Application {
        private final Connection connection;
        private final Keys keys;
        private final Map<String, Long> tables;
        private final Map<String, Long> pending = new LinkedHashMap<>();

        Application(Connection connection, Keys keys, Map<String, Long> tables) {
            this.connection = connection;
            this.keys = keys;
            this.tables = tables;
        }

        @Override
        public long apply(int from, int to) throws SQLException, IOException {
            pending.clear();
            return KeyedChunks.this.apply.apply(connection, keys.slice(from, to), pending);
        }

        @Override
        public void kept() {
            pending.forEach((table, rows) -> tables.merge(table, rows, Long::sum));
            KeyedChunks.this.apply.kept();
        }
    }
}
