package io.nightshift.step.load.prove;

import io.nightshift.chunk.Assignment;
import io.nightshift.job.StepDefinition;
import io.nightshift.prove.Proof;
import io.nightshift.sql.Statement;
import io.nightshift.step.StepContext;
import io.nightshift.step.load.table.Mapping;
import io.nightshift.step.load.table.SessionZone;
import io.nightshift.step.load.table.Target;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Compares the records of a load with the rows of its table, page by page, by the key that the load has. Nothing is
 * written for it, not even a temporary table: a page goes out as arrays.
 */
final class RowsProof {

    private static final int MOST_RECORDS = 5_000;
    private static final long MOST_CHARACTERS = 8L << 20;

    private final Load load;
    private final Connection connection;
    private final Proof proof;
    private final boolean deletes;
    private final List<Candidate> page = new ArrayList<>();
    private final Examples missing = new Examples();
    private final Examples more = new Examples();
    private final Examples twice = new Examples();
    private final Examples changed = new Examples();
    private final Examples other = new Examples();
    private long characters;
    private long compared;
    private long withoutKey;
    private Optional<RowKey> key = Optional.empty();
    private List<Target.Column> columns = List.of();
    private boolean blind;
    private final Set<LoadRanges.Range> ranges = new LinkedHashSet<>();

    RowsProof(Load load, Connection connection, Proof proof) {
        this.load = load;
        this.connection = connection;
        this.proof = proof;
        this.deletes = load.merge()
                .filter(merge -> merge.kind() == Statement.Kind.DELETE)
                .isPresent();
    }

    /** What is compared. */
    record Load(StepDefinition.Load step, StepContext context, Target target, boolean rejectsAreThere) {

        Optional<Statement> merge() {
            return step.merge().map(context::statement);
        }

        Assignment assignment() {
            return context.environment().assignment();
        }
    }

    /** A record that should have its row, or of a load that deletes, none. */
    record Candidate(LoadRanges.Range range, String place, List<@Nullable String> values) {}

    /** From here on records are of another file, with fields of their own. */
    void begin(Mapping mapping) throws SQLException {
        columns = mapping.columns();
        key = columns.isEmpty() ? Optional.empty() : RowKey.of(load.step(), load.target(), mapping, connection);
        blind |= key.isEmpty();
    }

    void add(Candidate candidate) throws SQLException {
        if (key.isEmpty()) {
            return;
        }
        page.add(candidate);
        ranges.add(candidate.range());
        for (String value : candidate.values()) {
            characters += value == null ? 0 : value.length();
        }
        if (page.size() >= MOST_RECORDS || characters >= MOST_CHARACTERS) {
            flush();
        }
    }

    /** What was found in a range counts only as far as the range did not skip as many itself. */
    private void settle(LoadRanges.Range range) {
        long skipped = Math.max(0, range.skipped - range.superseded) + range.unknownRejects(load.rejectsAreThere());
        long count = range.astray.count() - skipped;
        if (count > 0) {
            // Which of them it skipped is not written down.
            String among = skipped > 0 ? " (one of %,d in a chunk that skipped %,d)" : "";
            range.astray.firstOf((all, first) -> missing.add(count, first + among.formatted(all, skipped)));
        }
    }

    void flush() throws SQLException {
        if (page.isEmpty()) {
            return;
        }
        connection.setAutoCommit(false);
        try {
            ask(key.orElseThrow());
            connection.commit();
            compared += page.size();
        } catch (SQLException failure) {
            connection.rollback();
            if (!String.valueOf(failure.getSQLState()).startsWith("22")) {
                throw failure;
            }
            proof.unseen("%,d records from %s on: PostgreSQL cannot read a value as one of its column (SQLSTATE %s)"
                    .formatted(page.size(), page.get(0).place(), failure.getSQLState()));
        } finally {
            connection.setAutoCommit(true);
            page.clear();
            characters = 0;
        }
    }

    private void ask(RowKey by) throws SQLException {
        try (PreparedStatement zone = connection.prepareStatement("SELECT set_config('TimeZone', ?, true)")) {
            zone.setString(1, SessionZone.of(load.step().dialect().zone()));
            zone.execute();
        }
        boolean values = load.step().into().isPresent();
        String sql = new RowsQuery(
                        load.target(), columns, by, values, load.assignment().schema())
                .sql(deletes);
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            List<LoadRanges.Range> chunks =
                    page.stream().map(Candidate::range).distinct().toList();
            Map<LoadRanges.Range, Long> numbered = new HashMap<>();
            chunks.forEach(chunk -> numbered.put(chunk, (long) numbered.size()));
            Object[] numbers = LongStream.range(0, page.size()).boxed().toArray();
            Object[] chunkOfEach = page.stream()
                    .map(candidate -> numbered.get(candidate.range()))
                    .toArray();
            select.setArray(1, connection.createArrayOf("int8", numbers));
            select.setArray(2, connection.createArrayOf("int8", chunkOfEach));
            for (int column = 0; column < columns.size(); column++) {
                int position = column;
                Object[] texts = page.stream()
                        .map(candidate -> candidate.values().get(position))
                        .toArray();
                select.setArray(column + 3, connection.createArrayOf("text", texts));
            }
            select.setLong(columns.size() + 3, load.assignment().run());
            select.setString(columns.size() + 4, load.assignment().step());
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    take(row, chunks);
                }
            }
        }
    }

    private void take(ResultSet row, List<LoadRanges.Range> chunks) throws SQLException {
        int number = row.getInt(1);
        if (number < 0) {
            chunks.get(row.getInt(2)).superseded += row.getLong(3);
            withoutKey += row.getLong(4);
            return;
        }
        String place = page.get(number).place();
        Examples astray = page.get(number).range().astray;
        long rows = row.getLong(2);
        long newer = row.getLong(3);
        if (deletes) {
            (newer > 0 ? more : astray).add(place);
        } else if (rows == 0) {
            astray.add(place);
        } else if (rows > 1 && row.getLong(4) > 1) {
            twice.add(place);
        } else if (rows > 1 && newer > 0) {
            more.add(place);
        } else if (!row.getString(5).isEmpty()) {
            (newer > 0 ? changed : other).add(place + " (" + row.getString(5) + ")");
        }
    }

    /** All records have been added: says what was found. */
    void finish() throws SQLException {
        flush();
        ranges.forEach(this::settle);
        int before = proof.findings().size();
        String table = load.target().name() + key.map(by -> " by " + by).orElse("");
        missing.firstOf((count, first) -> say(
                !deletes,
                first,
                deletes
                        ? "%,d records still have their row in %s, which should be deleted, this being the first"
                        : "%,d records have no row in %s, this being the first; a later delete leaves no trace",
                count,
                table));
        more.firstOf((count, first) -> say(
                true,
                first,
                "%,d records have a row more in %s, this being the first; it was written after the step had ended",
                count,
                table));
        twice.firstOf((count, first) -> say(
                false,
                first,
                "%,d records have several rows in %s that were written while the step ran, this being the first",
                count,
                table));
        changed.firstOf((count, first) -> say(
                true,
                first,
                "%,d records have other values in %s, this being the first; the row was written after the step had ended",
                count,
                table));
        List<String> triggers = triggers();
        other.firstOf((count, first) -> say(
                !triggers.isEmpty(),
                first,
                "%,d records have other values in %s, this being the first; "
                        + (triggers.isEmpty()
                                ? "the row was not written since"
                                : "a trigger may have changed them: " + String.join(", ", triggers)),
                count,
                table));
        if (compared > 0 && proof.findings().size() == before) {
            proof.held("%,d records compared with %s: %s".formatted(compared, table, outcome()));
        }
        blindSpots();
    }

    private void say(boolean later, String where, String form, long count, String table) {
        String what = form.formatted(count, table);
        if (later) {
            proof.later(where, what);
        } else {
            proof.broken(where, what);
        }
    }

    private String outcome() {
        return deletes
                ? "none has a row"
                : load.step().into().isPresent() ? "each has its row, with its values" : "each has its row";
    }

    private void blindSpots() {
        if (blind) {
            proof.unseen("whether its rows are there: it has no merge-key, and fills no unique key of "
                    + load.target().name());
        }
        if (withoutKey > 0) {
            proof.unseen("%,d records whose key is NULL".formatted(withoutKey));
        }
        if (load.step().merge().isPresent() && !deletes) {
            proof.unseen("the values of other columns: " + load.step().merge().get() + " decides them");
        }
        if (!blind) {
            proof.unseen("rows of " + load.target().name() + " that are of no record: others may write there too");
        }
    }

    private List<String> triggers() throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                """
                SELECT tgname
                FROM pg_trigger
                WHERE tgrelid = to_regclass(?)
                  AND NOT tgisinternal
                  AND tgenabled <> 'D'
                  AND tgtype & 7 = 7
                ORDER BY tgname""")) {
            select.setString(1, load.target().name());
            try (ResultSet row = select.executeQuery()) {
                List<String> names = new ArrayList<>();
                while (row.next()) {
                    names.add(row.getString(1));
                }
                return names;
            }
        }
    }
}
