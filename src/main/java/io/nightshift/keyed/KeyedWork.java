package io.nightshift.keyed;

import io.nightshift.chunk.ChunkSize;
import io.nightshift.chunk.ChunkWork;
import io.nightshift.chunk.Events;
import io.nightshift.chunk.Ledger;
import io.nightshift.chunk.Piece;
import io.nightshift.chunk.Rejects;
import io.nightshift.chunk.StepWork;
import io.nightshift.job.RejectLimit;
import io.nightshift.job.StepOptions;
import io.nightshift.problem.ExitCode;
import io.nightshift.problem.ProblemException;
import io.nightshift.sql.BoundSql;
import io.nightshift.sql.KeysQuery;
import io.nightshift.sql.Statement;
import io.nightshift.step.ListedKeys;
import io.nightshift.step.RowGuards;
import io.nightshift.step.StepContext;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;

/**
 * The work of every kind whose chunk is a page of keys. The range is frozen when the step first begins: rows that are
 * inserted behind its upper end later are not touched.
 */
public final class KeyedWork implements StepWork<KeyPage> {

    /** More pieces than connections, so that one slow piece does not leave the others idle at the end. */
    private static final int PIECES_PER_CONNECTION = 4;

    private static final int LISTED_KEYS_OF_A_PIECE = 5_000;

    /** Of more keys than this only a sample is put in order to find the pieces. */
    private static final long ALL_FOR_SPLITS = 100_000;

    private static final int SAMPLE_FOR_SPLITS = 20_000;

    private final Setup setup;
    private final StepContext context;
    private final Ledger ledger;
    private final Pieces pieces = new Pieces();
    private Optional<KeyRange> range = Optional.empty();
    private Set<List<String>> leftOut = Set.of();
    private OptionalLong maxRows = OptionalLong.empty();

    public KeyedWork(Setup setup, StepContext context) {
        this.setup = setup;
        this.context = context;
        this.ledger = new Ledger(context.environment().assignment());
    }

    /**
     * What one kind says of its pages.
     *
     * @param kind        its word
     * @param where       file and line, for messages
     * @param keys        the query
     * @param lock        how a page is locked
     * @param rejectLimit how many keys may be refused
     * @param options     connections and chunk
     * @param apply       makes what is done with a page, per connection, once the key columns are known
     * @param passes      how often, at most, the range is gone through again for what appeared behind the position
     * @param end         makes the results visible when everything is committed
     */
    public record Setup(
            String kind,
            String where,
            Statement keys,
            KeysQuery.Lock lock,
            RejectLimit rejectLimit,
            StepOptions options,
            Function<KeysQuery, PageApply> apply,
            int passes,
            End end) {}

    /** Runs behind the last chunk. */
    public interface End {
        void complete() throws SQLException, IOException;
    }

    @Override
    public String kind() {
        return setup.kind();
    }

    @Override
    public int connections() {
        return setup.options().connections();
    }

    @Override
    public int chunk() {
        return setup.options().chunk();
    }

    @Override
    public RejectLimit rejectLimit() {
        return setup.rejectLimit();
    }

    @Override
    public OptionalLong maxRows() {
        return maxRows;
    }

    @Override
    public Total prepare(Connection connection, boolean first) throws SQLException {
        KeysQuery query = KeyRange.describe(connection, setup.keys(), context);
        // Made once for what it refuses: a statement that uses keys which the query does not return.
        setup.apply().apply(query);
        RowGuards guards = new RowGuards(setup.options().guards(), setup.where());
        maxRows = guards.most(
                connection, first ? 0 : ledger.sums(connection).counts().written());
        if (!first) {
            Total left = PageOrder.left(connection, context.environment().assignment());
            range = Optional.of(paged(query, PageOrder.of(connection, query, left, chunk())));
            List<Piece> written = ledger.pieces(connection);
            leftOut = lastPass(written) > 1 ? openRejects(connection) : Set.of();
            pieces.reload(connection, ledger, written);
            return Total.UNKNOWN;
        }
        guards.refuseUnfit(connection, query);
        tellNotFound(connection, query);
        refuseUnfitKeys(connection, query);
        Total total = new KeyCount(query).within(connection);
        range = Optional.of(paged(query, PageOrder.of(connection, query, total, chunk())));
        List<Piece> cut = cut(connection, query, total.rows());
        ledger.write(connection, cut);
        pieces.reload(connection, ledger, cut);
        return cut.isEmpty() ? new Total(0, false) : total;
    }

    private KeyRange paged(KeysQuery query, PageOrder order) {
        return new KeyRange(query, setup.where(), setup.lock(), order);
    }

    private void tellNotFound(Connection connection, KeysQuery query) throws SQLException {
        String notFound = query.isLimited() ? ListedKeys.notFound(connection, query) : "";
        if (!notFound.isEmpty()) {
            context.environment().progress().note(setup.keys().id() + ": " + notFound);
            new Events(context.environment().assignment()).add(connection, "not-found", notFound);
        }
    }

    private static int lastPass(List<Piece> written) {
        return written.stream().mapToInt(Piece::pass).max().orElse(1);
    }

    private Set<List<String>> openRejects(Connection connection) throws SQLException {
        return new Rejects(context.environment().assignment()).openKeys(connection);
    }

    private void refuseUnfitKeys(Connection connection, KeysQuery query) throws SQLException {
        if (exists(connection, query.withNull())) {
            throw unfit("whose key is NULL; a position cannot be behind NULL", "with IS NOT NULL");
        }
        if (query.mayBeTooLong() && exists(connection, query.tooLong())) {
            throw unfit("whose key is longer than 2,000 bytes", "by its length");
        }
    }

    private ProblemException unfit(String rows, String how) {
        return new ProblemException(
                ExitCode.FAILED,
                setup.where(),
                setup.keys().id() + " returns rows " + rows,
                "Leave them out in the query " + how + ", or choose another key. Nothing was changed.");
    }

    private static boolean exists(Connection connection, BoundSql select) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(select.sql())) {
            select.set(statement, 1);
            try (ResultSet result = statement.executeQuery()) {
                return result.next();
            }
        }
    }

    private List<Piece> cut(Connection connection, KeysQuery query, long about) throws SQLException {
        List<List<String>> last = query.rows(connection, query.last());
        if (last.isEmpty()) {
            return List.of();
        }
        List<List<String>> uppers = new ArrayList<>();
        if (query.isLimited()) {
            // A page takes the listed keys of its piece along: small pieces, little to take.
            uppers.addAll(query.listedEnds(LISTED_KEYS_OF_A_PIECE, last.get(0)));
        } else if (setup.options().connections() > 1) {
            int parts = setup.options().connections() * PIECES_PER_CONNECTION;
            // Pieces need not be of one size to the row.
            double share = about > ALL_FOR_SPLITS ? (double) SAMPLE_FOR_SPLITS / about : 1;
            uppers.addAll(query.rows(connection, query.splits(parts, share)));
            uppers.remove(last.get(0));
        }
        uppers.add(last.get(0));
        List<Piece> cut = new ArrayList<>();
        List<String> lower = Piece.START;
        for (List<String> upper : uppers) {
            cut.add(new Piece(cut.size() + 1, 1, lower, upper));
            lower = upper;
        }
        return cut;
    }

    @Override
    public ChunkWork<KeyPage> open(ChunkSize size) {
        KeyRange paged = range.orElseThrow();
        return new KeyedChunks(paged, pieces, setup.apply().apply(paged.query()), leftOut, size);
    }

    @Override
    public boolean prepareNextPass() throws SQLException {
        if (setup.passes() == 0) {
            return false;
        }
        try (Connection connection = context.environment().dataSource().getConnection()) {
            List<Piece> written = ledger.pieces(connection);
            if (written.isEmpty()) {
                return false;
            }
            leftOut = openRejects(connection);
            List<List<String>> left = leftOver(connection, upper(written));
            if (left.isEmpty()) {
                return false;
            }
            int pass = lastPass(written);
            if (pass > setup.passes()) {
                throw unfinished(left);
            }
            Piece again = new Piece(written.size() + 1, pass + 1, Piece.START, upper(written));
            ledger.write(connection, List.of(again));
            pieces.reload(connection, ledger, List.of(again));
            return true;
        }
    }

    private static List<String> upper(List<Piece> written) {
        return written.get(written.size() - 1).upper();
    }

    /** The first keys of the range that are still found and are no rejects. */
    private List<List<String>> leftOver(Connection connection, List<String> upTo) throws SQLException {
        KeysQuery query = range.orElseThrow().query();
        if (KeyCount.number(connection, query.count(upTo)) == 0) {
            return List.of();
        }
        List<String> behind = Piece.START;
        while (true) {
            List<List<String>> page = query.rows(connection, query.page(behind, upTo, 1_000, KeysQuery.Lock.NONE));
            List<List<String>> left = page.stream()
                    .filter(key -> !leftOut.contains(key))
                    .limit(10)
                    .toList();
            if (!left.isEmpty() || page.size() < 1_000) {
                return left;
            }
            behind = page.get(page.size() - 1);
        }
    }

    private ProblemException unfinished(List<List<String>> left) {
        List<String> keys = left.stream().map(key -> String.join(", ", key)).toList();
        return new ProblemException(
                ExitCode.FAILED,
                setup.where(),
                "after %d further passes %s still finds rows in the range, the first keys being %s"
                        .formatted(setup.passes(), setup.keys().id(), String.join("; ", keys)),
                "Either the apply statement does not end the condition of keys, or the application keeps writing such"
                        + " rows: let it write the new column first.");
    }

    @Override
    public void complete() throws SQLException, IOException {
        setup.end().complete();
    }
}
