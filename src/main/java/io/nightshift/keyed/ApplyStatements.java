package io.nightshift.keyed;

import io.nightshift.problem.ExitCode;
import io.nightshift.problem.ProblemException;
import io.nightshift.sql.Keys;
import io.nightshift.sql.KeysQuery;
import io.nightshift.sql.Statement;
import io.nightshift.step.KeyNames;
import io.nightshift.step.StepContext;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/** Runs the user's statements with a page of keys as arrays. The last one's rows count. */
final class ApplyStatements implements PageApply {

    private final List<Statement> statements;
    private final StepContext context;
    private final boolean manyRowsPerKey;
    private final String where;

    ApplyStatements(List<Statement> statements, KeysQuery query, StepContext context, Rule rule) {
        KeyNames.refuseOthers(query, statements);
        this.statements = statements;
        this.context = context;
        this.manyRowsPerKey = rule.manyRowsPerKey();
        this.where = rule.where();
    }

    /**
     * @param manyRowsPerKey whether the last statement may touch more rows than it has keys
     * @param where          for messages
     */
    record Rule(boolean manyRowsPerKey, String where) {}

    @Override
    public long apply(Connection connection, Keys keys, Map<String, Long> tables) throws SQLException {
        long rows = 0;
        for (Statement statement : statements) {
            rows = statement.bind(context.with(keys.values())).execute(connection);
            if (statements.size() > 1) {
                tables.merge(table(statement), rows, Long::sum);
            }
        }
        if (rows > keys.size() && !manyRowsPerKey) {
            throw tooManyRows(rows, keys.size());
        }
        return Math.min(rows, keys.size());
    }

    private static String table(Statement statement) {
        return statement.id().substring(0, statement.id().lastIndexOf('.'));
    }

    private ProblemException tooManyRows(long rows, int keys) {
        return new ProblemException(
                ExitCode.FAILED,
                where,
                "%s touched %,d rows for %,d keys"
                        .formatted(statements.get(statements.size() - 1).id(), rows, keys),
                "This chunk was rolled back. If that is meant, write \"rows-per-key: many\" in the step; else tie the"
                        + " statement to #{keys}.");
    }
}
