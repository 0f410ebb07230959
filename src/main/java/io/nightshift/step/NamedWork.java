package io.nightshift.step;

import io.nightshift.chunk.ChunkSize;
import io.nightshift.chunk.ChunkWork;
import io.nightshift.chunk.Ledger;
import io.nightshift.chunk.Piece;
import io.nightshift.chunk.StepWork;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** The work of a step whose chunks are known beforehand; see {@link NamedChunks}. */
public final class NamedWork implements StepWork<NamedChunks.Named> {

    private final String kind;
    private final List<String> names;
    private final NamedChunks.Doing doing;
    private final Ledger ledger;
    private Optional<Ledger.Position> position = Optional.empty();

    /** @param names of the chunks, in order, each once */
    public NamedWork(String kind, List<String> names, NamedChunks.Doing doing, StepContext context) {
        this.kind = kind;
        this.names = List.copyOf(names);
        this.doing = doing;
        this.ledger = new Ledger(context.environment().assignment());
    }

    @Override
    public String kind() {
        return kind;
    }

    @Override
    public Total prepare(Connection connection, boolean first) throws SQLException {
        if (first && !names.isEmpty()) {
            ledger.write(connection, List.of(new Piece(1, 1, Piece.START, List.of(names.get(names.size() - 1)))));
        }
        position = ledger.position(connection, 1);
        return Total.UNKNOWN;
    }

    @Override
    public ChunkWork<NamedChunks.Named> open(ChunkSize size) {
        return new NamedChunks(position, names, doing);
    }
}
