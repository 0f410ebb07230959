package io.nightshift.keyed;

import io.nightshift.chunk.Ledger;
import io.nightshift.chunk.Piece;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** The pieces of a step that are not done yet, handed to its connections one by one. Thread-safe. */
final class Pieces {

    private final Deque<Claim> open = new ArrayDeque<>();

    /** Reads from the ledger where each piece stands; those at their end are left out. */
    synchronized void reload(Connection connection, Ledger ledger, List<Piece> pieces) throws SQLException {
        open.clear();
        for (Piece piece : pieces) {
            Optional<Ledger.Position> position = ledger.position(connection, piece.number());
            List<String> after = position.map(Ledger.Position::last).orElse(Piece.START);
            if (!after.equals(piece.upper())) {
                open.add(new Claim(piece, after));
            }
        }
    }

    /** The next piece that nobody works on; empty when all are taken or done. */
    synchronized Optional<Claim> claim() {
        return Optional.ofNullable(open.poll());
    }

    /** @param after where the ledger says it stands */
    record Claim(Piece piece, List<String> after) {}
}
