package io.nightshift.step;

import io.nightshift.problem.Problems;
import io.nightshift.sql.BoundSql;
import io.nightshift.sql.KeysQuery;
import io.nightshift.sql.SqlValue;
import io.nightshift.sql.Statement;
import io.nightshift.sql.Statements;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Lets PostgreSQL read what a step refers to, with values of the declared types. Nothing is executed. */
public final class AskPostgres {

    private static final String NOT_ALLOWED = "42501";

    /** Behind comments, what EXPLAIN takes. */
    private static final Pattern EXPLAINABLE =
            Pattern.compile("(?is)(\\s|/\\*.*?\\*/|--[^\\n]*\\n)*(SELECT|INSERT|UPDATE|DELETE|MERGE|WITH|VALUES)\\b.*");

    private final Connection connection;
    private final Statements statements;
    private final Map<String, SqlValue> values;
    private final Problems problems;
    private final List<String> unexplained;

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

    /** Whether the table is there; a problem when it is not. */
    public boolean table(String where, String table) {
        try (PreparedStatement select = connection.prepareStatement("SELECT to_regclass(?) IS NOT NULL")) {
            select.setString(1, table);
            try (ResultSet result = select.executeQuery()) {
                result.next();
                if (result.getBoolean(1)) {
                    return true;
                }
            }
            problems.add(
                    where,
                    "there is no table " + table + " in the database",
                    "Look at its spelling and at nightshift.database.search-path, or migrate first: nightshift migrate"
                            + " up");
        } catch (SQLException refusal) {
            refused(where, refusal);
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
            KeysQuery query = KeysQuery.describe(connection, found.get(), values);
            explain(found.get().where(), query.count());
            return Optional.of(query);
        } catch (SQLException refusal) {
            refused(found.get().where(), refusal);
        } catch (IllegalArgumentException unfit) {
            problems.add(found.get().where(), String.valueOf(unfit.getMessage()), "");
        }
        return Optional.empty();
    }

    /** A statement that works on keys. */
    public void ofKeys(String id, KeysQuery query) {
        statements.find(id).ifPresent(found -> KeyNames.check(query, found, problems));
        statement(id, query.keysValue(List.of()));
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
        String where = statements.get(id).where();
        try (PreparedStatement prepared = connection.prepareStatement(bound.sql())) {
            bound.set(prepared, 1);
            prepared.getParameterMetaData();
            explain(where, bound);
        } catch (SQLException refusal) {
            refused(where, refusal);
        }
    }

    /** What only the planner notices: a right that is missing, ON CONFLICT without its constraint. */
    private void explain(String where, BoundSql bound) {
        if (!EXPLAINABLE.matcher(bound.sql()).matches()) {
            return;
        }
        try (PreparedStatement prepared = connection.prepareStatement("EXPLAIN (COSTS OFF) " + bound.sql())) {
            bound.set(prepared, 1);
            prepared.execute();
        } catch (SQLException refusal) {
            // Anything else may be the fault of values that were made up for the parameters.
            if (String.valueOf(refusal.getSQLState()).startsWith("42")) {
                refused(where, refusal);
            }
        }
    }

    /** A line about what could not be asked. */
    public void unexplained(String where, String needs) {
        unexplained.add("not explained: " + where + " needs " + needs);
    }

    private void refused(String where, SQLException refusal) {
        String message = String.valueOf(refusal.getMessage())
                .replaceFirst("^ERROR: ", "")
                // In what was asked, which is not how the statement stands in its file.
                .replaceFirst("\\s*\\R\\s*Position: \\d+", "")
                .replaceAll("\\s*\\R\\s*", "; ");
        if (NOT_ALLOWED.equals(refusal.getSQLState())) {
            unexplained(where, "a right that this role does not have (" + message + ")");
        } else {
            problems.add(
                    where,
                    message + " (SQLSTATE " + refusal.getSQLState() + ")",
                    "Mend the statement, or the schema: nightshift migrate status");
        }
    }
}
