package io.nightshift.rehearse;

import io.nightshift.chunk.Assignment;
import io.nightshift.chunk.SqlState;
import io.nightshift.problem.ProblemException;
import io.nightshift.sql.BoundSql;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Does chunks of one step for real, each in a transaction that is rolled back, and keeps what PostgreSQL said. */
public final class Rehearsal {

    private static final String SETTINGS =
            """
            SELECT set_config('application_name', ?, true),
              set_config('nightshift.actor', ?, true),
              set_config('lock_timeout', ?, true),
              set_config('statement_timeout', ?, true)""";

    private static final String CHANGED =
            """
            SELECT relid::regclass::text, n_tup_ins, n_tup_upd, n_tup_del
            FROM pg_stat_xact_user_tables
            WHERE n_tup_ins + n_tup_upd + n_tup_del > 0
              AND NOT starts_with(schemaname, 'pg_temp')
            ORDER BY 1""";

    private final Connection connection;
    private final Assignment assignment;
    private final int samples;
    private final List<RehearsedChunk> chunks = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();
    private List<ExplainedStatement> statements = new ArrayList<>();
    private List<RehearsedChunk.Sample> sample = new ArrayList<>();

    /**
     * @param connection commits by itself, and commits nothing here
     * @param samples    how many chunks
     */
    public Rehearsal(Connection connection, Assignment assignment, int samples) {
        this.connection = connection;
        this.assignment = assignment;
        this.samples = samples;
    }

    /** The work of a chunk. */
    public interface Body {
        /** @return how many keys or records it worked on */
        long apply(Connection explaining) throws SQLException, IOException;
    }

    public int samples() {
        return samples;
    }

    /** Outside of any chunk: to look where they lie. */
    public Connection connection() {
        return connection;
    }

    /** A line about what was not rehearsed. */
    public void note(String line) {
        notes.add(line);
    }

    /** Something that a run would fail for. */
    public void fault(String what) {
        faults.add(what);
    }

    public List<String> faults() {
        return List.copyOf(faults);
    }

    public List<RehearsedChunk> chunks() {
        return List.copyOf(chunks);
    }

    public List<String> notes() {
        return List.copyOf(notes);
    }

    /** Does one and rolls it back. What PostgreSQL refuses is kept; the next one can be done all the same. */
    public void chunk(String place, Body body) throws SQLException, IOException {
        statements = new ArrayList<>();
        sample = new ArrayList<>();
        OptionalLong ownBefore = ownWal();
        String before = text("SELECT pg_current_wal_insert_lsn()");
        connection.setAutoCommit(false);
        Measured measured;
        try {
            measured = measure(body);
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
        long wal =
                Long.parseLong(text("SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '" + before + "')::bigint"));
        OptionalLong ownAfter = ownBefore.isPresent() ? ownWal() : OptionalLong.empty();
        chunks.add(new RehearsedChunk(
                place,
                measured.rows(),
                measured.seconds(),
                wal,
                ownAfter.isPresent()
                        ? OptionalLong.of(ownAfter.getAsLong() - ownBefore.getAsLong())
                        : OptionalLong.empty(),
                measured.tables(),
                List.copyOf(statements),
                List.copyOf(sample),
                measured.refusal()));
    }

    private record Measured(long rows, double seconds, Map<String, String> tables, Optional<String> refusal) {}

    private Measured measure(Body body) throws SQLException, IOException {
        set();
        long begun = System.nanoTime();
        try {
            long rows = body.apply(ExplainingConnection.over(connection, statements::add));
            try (Statement constraints = connection.createStatement()) {
                constraints.execute("SET CONSTRAINTS ALL IMMEDIATE");
            }
            double seconds = (System.nanoTime() - begun) / 1e9;
            return new Measured(rows, seconds, changed(), Optional.empty());
        } catch (SQLException refused) {
            double seconds = (System.nanoTime() - begun) / 1e9;
            return new Measured(0, seconds, Map.of(), Optional.of(SqlState.words(refused)));
        } catch (ProblemException refused) {
            double seconds = (System.nanoTime() - begun) / 1e9;
            return new Measured(
                    0, seconds, Map.of(), Optional.of(refused.problems().get(0).what()));
        }
    }

    private void set() throws SQLException {
        try (PreparedStatement set = connection.prepareStatement(SETTINGS)) {
            set.setString(1, "nightshift rehearse " + assignment.job() + " " + assignment.step());
            set.setString(2, assignment.job() + " rehearsal");
            set.setString(3, Long.toString(assignment.bounds().lock().toMillis()));
            set.setString(4, Long.toString(assignment.bounds().statement().toMillis()));
            set.execute();
        }
    }

    /** Executes a query of the engine's under EXPLAIN, too: the one that reads a page. */
    public void explain(String tag, BoundSql query) throws SQLException {
        try (PreparedStatement prepared = connection.prepareStatement(ExplainingConnection.EXPLAIN + query.sql())) {
            query.set(prepared, 1);
            StringBuilder json = new StringBuilder();
            try (ResultSet result = prepared.executeQuery()) {
                while (result.next()) {
                    json.append(result.getString(1)).append('\n');
                }
            }
            statements.add(ExplainedStatement.of(tag, json.toString()));
        }
    }

    /** Rows of the table as they are now and were then. */
    public void sample(Map<String, String> before, Map<String, String> after) {
        before.forEach((key, row) ->
                sample.add(new RehearsedChunk.Sample(key, Optional.of(row), Optional.ofNullable(after.get(key)))));
    }

    private Map<String, String> changed() throws SQLException {
        Map<String, String> tables = new LinkedHashMap<>();
        try (Statement select = connection.createStatement();
                ResultSet result = select.executeQuery(CHANGED)) {
            while (result.next()) {
                List<String> what = new ArrayList<>();
                String[] words = {"inserted", "updated", "deleted"};
                for (int column = 0; column < words.length; column++) {
                    long rows = result.getLong(column + 2);
                    if (rows > 0) {
                        what.add("%,d %s".formatted(rows, words[column]));
                    }
                }
                tables.put(result.getString(1), String.join(", ", what));
            }
        }
        return tables;
    }

    /** What this session has written so far, where the server keeps that apart. */
    private OptionalLong ownWal() throws SQLException {
        if (text("SELECT coalesce(to_regprocedure('pg_stat_get_backend_wal(integer)')::text, '')")
                .isEmpty()) {
            return OptionalLong.empty();
        }
        text("SELECT pg_stat_force_next_flush()::text");
        String bytes = text("SELECT wal_bytes FROM pg_stat_get_backend_wal(pg_backend_pid())");
        return bytes.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(bytes));
    }

    private String text(String query) throws SQLException {
        try (Statement select = connection.createStatement();
                ResultSet result = select.executeQuery(query)) {
            String value = result.next() ? result.getString(1) : null;
            return value == null ? "" : value;
        }
    }
}
