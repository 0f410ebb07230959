package io.nightshift.step;

import io.nightshift.problem.ExitCode;
import io.nightshift.problem.Problems;
import io.nightshift.sql.KeysQuery;
import io.nightshift.sql.SqlValue;
import io.nightshift.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Holds the names that statements have for keys against the columns that the keys query returns. */
public final class KeyNames {

    private static final String KEYS = "keys";

    private KeyNames() {}

    /** Adds a problem for every name that the query does not supply. */
    static void check(KeysQuery query, Statement statement, Problems problems) {
        Set<String> supplied = query.keys(List.of()).values().keySet();
        String columns = String.join(", ", query.names());
        for (String name : statement.parameters()) {
            if ((name.equals(KEYS) || name.startsWith(KEYS + ".")) && !supplied.contains(name)) {
                problems.add(
                        statement.where(),
                        "uses #{" + name + "}, which the keys do not have: their columns are " + columns,
                        (name.equals(KEYS) ? "Let keys return the key of the table and no more, or write " : "Write ")
                                + supplied.stream()
                                        .map(known -> "#{" + known + "}")
                                        .collect(Collectors.joining(" and "))
                                + ".");
            }
        }
    }

    /** What a statement has to do with keys of these types, for one that does something else. */
    public static String typed(Map<String, SqlValue> keys) {
        String types = keys.entrySet().stream()
                .map(key -> "#{" + key.getKey() + "} is " + key.getValue().type())
                .collect(Collectors.joining(", "));
        return types + " here, because that is what keys returns. "
                + (keys.size() == 1
                        ? "Compare a column of that type, id = ANY (#{keys}), or let keys return another column."
                        : "Take them apart with unnest, each for a column of its type.");
    }

    /** @throws io.nightshift.problem.ProblemException naming what the query does not supply */
    public static void refuseOthers(KeysQuery query, List<Statement> statements) {
        Problems problems = new Problems();
        statements.forEach(statement -> check(query, statement, problems));
        problems.throwIfAny(ExitCode.USAGE);
    }
}
