package io.nightshift.keyed;

import io.nightshift.chunk.ChunkSize;
import io.nightshift.chunk.ChunkTools;
import io.nightshift.chunk.ChunkWork;
import io.nightshift.chunk.Counts;
import io.nightshift.chunk.OpenReject;
import io.nightshift.chunk.Piece;
import io.nightshift.chunk.Reject;
import io.nightshift.chunk.ReplayWork;
import io.nightshift.sql.Keys;
import io.nightshift.sql.KeysQuery;
import io.nightshift.step.StepContext;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Tries rejected keys again. Whether their rows still qualify is asked of the keys query, locked as a page is: what no
 * longer does is skipped, as in any chunk.
 */
final class KeyedReplay implements ReplayWork {

    private final KeyedWork.Setup setup;
    private final StepContext context;
    private Optional<KeyRange> range = Optional.empty();

    KeyedReplay(KeyedWork.Setup setup, StepContext context) {
        this.setup = setup;
        this.context = context;
    }

    @Override
    public String kind() {
        return setup.kind();
    }

    @Override
    public int chunk() {
        return setup.options().chunk();
    }

    @Override
    public void look() throws SQLException {
        try (Connection connection = context.environment().dataSource().getConnection()) {
            KeysQuery query = KeyRange.describe(connection, setup.keys(), context);
            range = Optional.of(new KeyRange(query, setup.where(), setup.lock(), PageOrder.FREE));
        }
    }

    @Override
    public Outcome apply(ChunkTools tools, List<OpenReject> rejects) throws SQLException, IOException {
        KeyRange described = range.orElseThrow();
        Map<List<String>, List<Long>> ids = new LinkedHashMap<>();
        Map<Long, Reject.Cause> refused = new LinkedHashMap<>();
        for (OpenReject reject : rejects) {
            if (reject.place() instanceof Reject.AtKey at
                    && at.key().size() == described.columns().size()) {
                ids.computeIfAbsent(at.key(), key -> new ArrayList<>()).add(reject.id());
            } else {
                refused.put(reject.id(), noKey(described));
            }
        }
        long written = ids.isEmpty() ? 0 : applied(tools, described, ids, refused);
        int read = rejects.size();
        return new Outcome(new Counts(read, written, refused.size(), read - written - refused.size()), refused);
    }

    /** The job is no longer what it was when the key was refused. */
    private Reject.Cause noKey(KeyRange described) {
        return new Reject.Cause(
                REPLAY_STATE,
                Optional.empty(),
                Optional.empty(),
                "cannot be tried again: the keys are %s now".formatted(String.join(", ", described.columns())),
                Optional.empty());
    }

    private long applied(
            ChunkTools tools, KeyRange described, Map<List<String>, List<Long>> ids, Map<Long, Reject.Cause> refused)
            throws SQLException, IOException {
        KeysQuery query = described.query();
        Keys found = query.limitedTo(tools.connection(), List.copyOf(ids.keySet()))
                .read(tools.connection(), Piece.START, Piece.START, Integer.MAX_VALUE, setup.lock())
                .distinct();
        if (found.size() == 0) {
            return 0;
        }
        KeyPage page =
                new KeyPage(new Piece(1, 1, Piece.START, Piece.START), Piece.START, Piece.START, found, Instant.now());
        ChunkWork.Outcome outcome = new KeyedChunks(
                        described,
                        new Pieces(),
                        setup.apply().apply(query),
                        Set.of(),
                        new ChunkSize(chunk(), Duration.ZERO))
                .write(tools, page);
        for (Reject reject : outcome.rejects()) {
            ids.get(((Reject.AtKey) reject.place()).key()).forEach(id -> refused.put(id, reject.cause()));
        }
        return outcome.entry().counts().written();
    }
}
