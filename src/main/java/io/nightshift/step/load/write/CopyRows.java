package io.nightshift.step.load.write;

import io.nightshift.chunk.Bisect;
import io.nightshift.sql.BoundSql;
import io.nightshift.sql.SqlValue;
import io.nightshift.sql.Statement;
import io.nightshift.step.StepContext;
import io.nightshift.step.load.record.CopyText;
import io.nightshift.step.load.table.Target;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.util.PSQLException;

/** Sends the rows of a chunk by COPY: straight into the table, or into {@code loaded} and on by the merge statement. */
public final class CopyRows implements Bisect.Application {

    /** {@code Key (post_id)=(5) is not present}, in whatever language. */
    private static final Pattern KEY = Pattern.compile("\\(([^()]+)\\)=\\((.*?)\\)(?= |\\.|$)");

    /** Rows are handed over in parts of about this size: the server works on one while the next is encoded. */
    private static final int PART_BYTES = 64 * 1024;

    /** A few rows are less than such a part, and the server would wait for the last of them. */
    private static final int PART_ROWS = 64;

    /** To delete a part is quicker than to truncate, until what was deleted takes longer to be passed over. */
    private static final int MOST_DELETED = 5_000;

    private final Connection connection;
    private final LoadRows rows;
    private final CopyText part = new CopyText();
    private final Way way;
    private final String copy;
    private final List<String> names;
    private final Optional<BoundSql> merge;
    private int staged;

    CopyRows(Connection connection, LoadRows rows, Way way, List<Target.Column> columns) {
        this.connection = connection;
        this.rows = rows;
        this.way = way;
        this.names = columns.stream().map(Target.Column::name).toList();
        String quoted = columns.stream().map(Target.Column::quoted).collect(Collectors.joining(", "));
        this.merge = way.merge()
                .map(statement -> statement.bind(
                        way.context().with(Map.of("columns", SqlValue.array("text", List.copyOf(names))))));
        this.copy = way.merge().isPresent()
                ? "COPY pg_temp.loaded (" + quoted + ", record) FROM STDIN"
                : "COPY " + way.target().name() + " (" + quoted + ") FROM STDIN";
    }

    /**
     * How rows get into the table.
     *
     * @param merge    the user's statement; empty for straight COPY
     * @param mergeKey the columns of which the last line wins
     * @param newer    what keeps records that are tried again from going over newer rows
     */
    public record Way(
            Target target,
            Staging staging,
            Optional<Statement> merge,
            List<String> mergeKey,
            StepContext context,
            Optional<NewerRows> newer) {}

    @Override
    public long apply(int from, int to) throws SQLException, IOException {
        staged += to - from;
        long copied = send(from, to);
        return merge.isPresent() ? merge(merge.get(), copied) : copied;
    }

    private long send(int from, int to) throws SQLException {
        CopyIn in = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(copy);
        try {
            if (to - from == rows.count()) {
                sendOnce(in);
            } else {
                sendPart(in, from, to);
            }
            return in.endCopy();
        } finally {
            if (in.isActive()) {
                in.cancelCopy();
            }
        }
    }

    private void sendOnce(CopyIn in) throws SQLException {
        part.clear();
        for (int row = 0; row < rows.count(); row++) {
            rows.append(row, part);
            if (part.length() >= PART_BYTES) {
                in.writeToCopy(part.bytes(), 0, part.length());
                part.clear();
            }
        }
        in.writeToCopy(part.bytes(), 0, part.length());
    }

    private void sendPart(CopyIn in, int from, int to) throws SQLException {
        for (int row = from; row < to; row += PART_ROWS) {
            int behind = Math.min(row + PART_ROWS, to);
            CopyText encoded = rows.encoded(behind);
            int start = encoded.offset(row);
            in.writeToCopy(encoded.bytes(), start, encoded.offset(behind) - start);
        }
    }

    private long merge(BoundSql merge, long copied) throws SQLException {
        way.staging().keepLast(connection, way.mergeKey(), rows);
        if (way.newer().isPresent()) {
            way.newer().get().takeOut(connection);
        }
        return Math.min(copied, merge.execute(connection));
    }

    @Override
    public void kept() {
        way.newer().ifPresent(NewerRows::kept);
    }

    /** {@code loaded} holds the rows in hand and no others. */
    @Override
    public String between() {
        if (merge.isEmpty()) {
            return "";
        }
        boolean many = staged > MOST_DELETED;
        staged = many ? 0 : staged;
        return (many ? Staging.EMPTY : "DELETE FROM pg_temp.loaded") + "; ";
    }

    @Override
    public int named(SQLException failure, int from) {
        OptionalInt line = CopyLine.of(
                failure, way.merge().isPresent() ? "loaded" : way.target().relation());
        return line.isPresent() ? from + line.getAsInt() - 1 : -1;
    }

    /**
     * Where no line is named, the server's detail shows the key or the row that it is about: the row that looks most
     * like it is probably the one.
     */
    @Override
    public int suspected(SQLException failure, int from, int to) {
        if (!(failure instanceof PSQLException psql) || psql.getServerErrorMessage() == null) {
            return -1;
        }
        String detail = String.valueOf(psql.getServerErrorMessage().getDetail());
        return switch (String.valueOf(failure.getSQLState())) {
            case "23503" -> byKey(detail, from, to, false);
            case "23505", "23P01" -> byKey(detail, from, to, true);
            case "23502", "23514", "44000" -> byRow(detail, from, to);
            default -> -1;
        };
    }

    /** @param again whether the second row of this key is the one, if there are two */
    private int byKey(String detail, int from, int to, boolean again) {
        Matcher key = KEY.matcher(detail);
        if (!key.find()) {
            return -1;
        }
        List<String> columns = List.of(key.group(1).split(", "));
        List<String> values = List.of(key.group(2).split(", ", -1));
        if (columns.size() != values.size()) {
            return -1;
        }
        Map<Integer, String> wanted = new HashMap<>();
        for (int i = 0; i < columns.size(); i++) {
            int field = names.indexOf(columns.get(i));
            if (field < 0) {
                return -1;
            }
            wanted.put(field, values.get(i));
        }
        RowSearch search = new RowSearch(rows, names.size(), from, to);
        int first = search.find(wanted, from);
        int second = first < 0 || !again ? -1 : search.find(wanted, first + 1);
        return second < 0 ? first : second;
    }

    /** {@code Failing row contains (1, two, null)}, in whatever language. */
    private int byRow(String detail, int from, int to) {
        int begin = detail.indexOf('(');
        int end = detail.lastIndexOf(')');
        return begin < 0 || end < begin
                ? -1
                : new RowSearch(rows, names.size(), from, to)
                        .likest(Set.copyOf(
                                List.of(detail.substring(begin + 1, end).split(", "))));
    }
}
