package io.nightshift.step;

import io.nightshift.chunk.ChunkTools;
import io.nightshift.chunk.ChunkWork;
import io.nightshift.chunk.Counts;
import io.nightshift.chunk.Ledger;
import io.nightshift.chunk.LedgerEntry;
import io.nightshift.chunk.Piece;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Chunks that are known beforehand, each done once, in order: a single statement, a child job, the windows of a report.
 * A chunk's name is its position.
 */
public final class NamedChunks implements ChunkWork<NamedChunks.Named> {

    /** Does one chunk in the transaction of the connection. */
    public interface Doing {
        Counts apply(Connection connection, String name) throws SQLException, IOException;
    }

    /**
     * One of them.
     *
     * @param after the chunk before it; empty for the first
     */
    public record Named(List<String> after, String name, Instant started) {}

    private final Deque<String> names;
    private final Doing doing;
    private List<String> position;

    /**
     * @param position where the ledger says the piece stands
     * @param names    all chunks of the step, in order
     */
    public NamedChunks(Optional<Ledger.Position> position, List<String> names, Doing doing) {
        this.position = position.map(Ledger.Position::last).orElse(Piece.START);
        this.names = new ArrayDeque<>(
                this.position.isEmpty() ? names : names.subList(names.indexOf(this.position.get(0)) + 1, names.size()));
        this.doing = doing;
    }

    @Override
    public Optional<Named> read(Connection connection) {
        return Optional.ofNullable(names.peek()).map(name -> new Named(position, name, Instant.now()));
    }

    @Override
    public Outcome write(ChunkTools tools, Named chunk) throws SQLException, IOException {
        Counts counts = doing.apply(tools.connection(), chunk.name());
        return new Outcome(
                new LedgerEntry(
                        1,
                        chunk.after(),
                        List.of(chunk.name()),
                        counts,
                        Map.of(),
                        LedgerEntry.Mark.NONE,
                        chunk.started()),
                List.of());
    }

    @Override
    public void rewind() {}

    @Override
    public String place() {
        return "chunk " + names.peek();
    }

    @Override
    public void committed(Outcome outcome) {
        position = outcome.entry().last();
        names.poll();
    }
}
