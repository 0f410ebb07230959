package io.nightshift.step;

import io.nightshift.chunk.SqlState;
import io.nightshift.problem.ProblemException;
import io.nightshift.problem.Problems;
import io.nightshift.rehearse.ExplainedStatement;
import io.nightshift.sql.BoundSql;
import io.nightshift.sql.KeysQuery;
import io.nightshift.sql.SqlValue;
import io.nightshift.sql.Statement;
import io.nightshift.sql.Statements;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lets PostgreSQL read what a step refers to, with values of the declared types. Nothing is executed. */
public final class AskPostgres {

    private static final String NOT_ALLOWED = "42501";
    private static final String NOT_LOCKABLE = "0A000";
    private static final String MEND = "Mend the statement, or the schema: nightshift migrate status";

    /** No such operator or function for these types; a type where another one is needed. */
    private static final Set<String> TYPES = Set.of("42883", "42804", "42846");

    private static final Pattern POSITION = Pattern.compile("\\s*\\R\\s*Position: (\\d+)");

    /** Behind comments, what EXPLAIN takes. */
    private static final Pattern EXPLAINABLE =
            Pattern.compile("(?is)(\\s|/\\*.*?\\*/|--[^\\n]*\\n)*(SELECT|INSERT|UPDATE|DELETE|MERGE|WITH|VALUES)\\b.*");

    private final Connection connection;
    private final Statements statements;
    private final Map<String, SqlValue> values;
    private final Problems problems;
    private final List<String> unexplained;
    private Optional<SQLException> lost = Optional.empty();

    /**
     * @param connection  commits by itself, so that a refusal spoils nothing
     * @param values      of the parameters
     * @param unexplained takes a line for whatever could not be asked
     */
    public AskPostgres(
            Connection connection,
            Statements statements,
            Map<String, SqlValue> values,
            Problems problems,
            List<String> unexplained) {
        this.connection = connection;
        this.statements = statements;
        this.values = Map.copyOf(values);
        this.problems = problems;
        this.unexplained = unexplained;
    }

    public Connection connection() {
        return connection;
    }

    public Problems problems() {
        return problems;
    }

    /** @throws SQLException if the connection broke meanwhile: then nothing that was asked since says anything */
    public void throwIfLost() throws SQLException {
        if (lost.isPresent()) {
            throw lost.get();
        }
    }

    public Tables tables() {
        return new Tables(connection);
    }

    /** Whether the table is there; a problem when it is not. */
    public boolean table(String where, String table) {
        try {
            if (tables().has(table)) {
                return true;
            }
            String meant = tables().alike(table)
                    .map(name -> "Did you mean \"" + name + "\"? ")
                    .orElse("");
            problems.add(
                    where,
                    "there is no table " + table + " in the database",
                    meant + "Look at its spelling and at nightshift.database.search-path, or migrate first: nightshift"
                            + " migrate up");
        } catch (SQLException refusal) {
            refused(where, refusal, MEND);
        }
        return false;
    }

    /** The columns of a keys statement, when PostgreSQL can read it. */
    public Optional<KeysQuery> keys(String id) {
        Optional<Statement> found = statements.find(id);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        try {
            if (!understood(found.get(), found.get().bind(values), "")) {
                return Optional.empty();
            }
            KeysQuery query = KeysQuery.describe(connection, found.get(), values);
            explain(found.get(), query.count(List.of()), "");
            return Optional.of(query);
        } catch (SQLException refusal) {
            refused(found.get().where(), refusal, MEND);
        } catch (ProblemException unfit) {
            unfit.problems().forEach(problem -> problems.add(problem.where(), problem.what(), problem.fix()));
        } catch (IllegalArgumentException missing) {
            problems.add(found.get().where(), String.valueOf(missing.getMessage()), "");
        }
        return Optional.empty();
    }

    /** A page of these keys whose rows are locked: PostgreSQL knows no rows behind groups, unions and outer joins. */
    public void lockable(String where, KeysQuery query, KeysQuery.Lock lock) {
        BoundSql page = query.page(List.of(), List.of(), 1, lock);
        try (PreparedStatement explain = connection.prepareStatement("EXPLAIN (COSTS OFF) " + page.sql())) {
            page.set(explain, 1);
            explain.execute();
        } catch (SQLException refusal) {
            notice(refusal);
            if (NOT_LOCKABLE.equals(refusal.getSQLState()) || NOT_ALLOWED.equals(refusal.getSQLState())) {
                refused(
                        where,
                        refusal,
                        "The step locks the rows of its pages: let its keys come from the table alone, and look for the"
                                + " rest with EXISTS or IN.");
            }
        }
    }

    /** A statement that works on keys. */
    public void ofKeys(String id, KeysQuery query) {
        Map<String, SqlValue> keys = query.keys(List.of()).values();
        statements.find(id).ifPresent(found -> {
            KeyNames.check(query, found, problems);
            bound(id, keys).ifPresent(bound -> read(found, bound, KeyNames.typed(keys)));
        });
    }

    /** @param more values that this place supplies besides the parameters */
    public void statement(String id, Map<String, SqlValue> more) {
        bound(id, more).ifPresent(bound -> read(id, bound));
    }

    /** The statement with all values put in; empty when a value is missing, of which another check tells. */
    public Optional<BoundSql> bound(String id, Map<String, SqlValue> more) {
        Map<String, SqlValue> all = new HashMap<>(values);
        all.putAll(more);
        return statements
                .find(id)
                .filter(found -> all.keySet().containsAll(found.parameters()))
                .map(found -> found.bind(all));
    }

    /** Reads and explains what was made of a statement. */
    public void read(String id, BoundSql bound) {
        read(statements.get(id), bound, "");
    }

    /** The columns that a statement returns and their types, in order; empty where another check tells why not. */
    public Optional<Map<String, String>> columns(String id, Map<String, SqlValue> more) {
        Optional<BoundSql> bound = bound(id, more);
        if (bound.isEmpty()) {
            return Optional.empty();
        }
        try (PreparedStatement prepared =
                connection.prepareStatement(bound.get().sql())) {
            bound.get().set(prepared, 1);
            ResultSetMetaData data = prepared.getMetaData();
            Map<String, String> columns = new LinkedHashMap<>();
            for (int column = 1; data != null && column <= data.getColumnCount(); column++) {
                columns.put(data.getColumnLabel(column), data.getColumnTypeName(column));
            }
            return Optional.of(columns);
        } catch (SQLException toldAlready) {
            notice(toldAlready);
            return Optional.empty();
        }
    }

    /** The table that a statement changes, with its schema; empty where that cannot be told. */
    public Optional<String> changes(String id, Map<String, SqlValue> more) {
        Optional<BoundSql> bound = bound(id, more);
        if (bound.isEmpty()) {
            return Optional.empty();
        }
        try (PreparedStatement explain = connection.prepareStatement(
                "EXPLAIN (VERBOSE, FORMAT JSON) " + bound.get().sql())) {
            bound.get().set(explain, 1);
            try (ResultSet result = explain.executeQuery()) {
                result.next();
                return ExplainedStatement.changes(result.getString(1));
            }
        } catch (SQLException toldAlready) {
            notice(toldAlready);
            return Optional.empty();
        }
    }

    private void read(Statement statement, BoundSql bound, String typed) {
        if (understood(statement, bound, typed)) {
            explain(statement, bound, typed);
        }
    }

    /** Whether syntax, names and types are right. */
    private boolean understood(Statement statement, BoundSql bound, String typed) {
        try (PreparedStatement prepared = connection.prepareStatement(bound.sql())) {
            bound.set(prepared, 1);
            prepared.getParameterMetaData();
            return true;
        } catch (SQLException refusal) {
            refused(statement, bound.sql(), refusal, typed);
            return false;
        }
    }

    /** What only the planner notices: a right that is missing, ON CONFLICT without its constraint. */
    private void explain(Statement statement, BoundSql bound, String typed) {
        if (!EXPLAINABLE.matcher(bound.sql()).matches()) {
            return;
        }
        String explain = "EXPLAIN (COSTS OFF) " + bound.sql();
        try (PreparedStatement prepared = connection.prepareStatement(explain)) {
            bound.set(prepared, 1);
            prepared.execute();
        } catch (SQLException refusal) {
            // Anything else may be the fault of values that were made up for the parameters.
            if (String.valueOf(refusal.getSQLState()).startsWith("42") || SqlState.lost(refusal)) {
                refused(statement, explain, refusal, typed);
            }
        }
    }

    /** A line about what could not be asked. */
    public void unexplained(String where, String needs) {
        unexplained.add("not explained: " + where + " needs " + needs);
    }

    /** Names the line, where PostgreSQL says at which character it stumbled. */
    private void refused(Statement statement, String sql, SQLException refusal, String typed) {
        String where = line(sql, refusal).map(statement::where).orElseGet(statement::where);
        boolean types = TYPES.contains(String.valueOf(refusal.getSQLState())) && !typed.isEmpty();
        refused(where, refusal, types ? typed : MEND);
    }

    private Optional<String> line(String sql, SQLException refusal) {
        Matcher position = POSITION.matcher(String.valueOf(refusal.getMessage()));
        if (!position.find()) {
            return Optional.empty();
        }
        try {
            // PostgreSQL counts in what the driver has sent, where each question mark has become a number.
            String sent = connection.nativeSQL(sql);
            int at = Math.min(Integer.parseInt(position.group(1)) - 1, sent.length());
            int end = sent.indexOf('\n', at);
            String line = sent.substring(sent.lastIndexOf('\n', at - 1) + 1, end < 0 ? sent.length() : end);
            return Optional.of(line.replaceAll("\\$\\d+", "?"));
        } catch (SQLException unknown) {
            return Optional.empty();
        }
    }

    /** Behind a connection that broke nothing more can be said of any statement. */
    private void notice(SQLException refusal) {
        lost = lost.or(() -> Optional.of(refusal).filter(SqlState::lost));
    }

    private void refused(String where, SQLException refusal, String fix) {
        notice(refusal);
        if (lost.isPresent()) {
            return;
        }
        String message = POSITION.matcher(String.valueOf(refusal.getMessage()).replaceFirst("^ERROR: ", ""))
                .replaceFirst("")
                .replaceAll("\\s*\\R\\s*", "; ");
        if (NOT_ALLOWED.equals(refusal.getSQLState())) {
            unexplained(where, "a right that this role does not have (" + message + ")");
        } else {
            problems.add(where, message + " (SQLSTATE " + refusal.getSQLState() + ")", fix);
        }
    }
}
