package io.nightshift.step;

import io.nightshift.problem.ExitCode;
import io.nightshift.problem.Problems;
import io.nightshift.sql.KeyColumn;
import io.nightshift.sql.KeysQuery;
import io.nightshift.sql.SqlValue;
import io.nightshift.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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
                        name.equals(KEYS)
                                ? "Let keys return the key of the table and no more, or " + advice(query, supplied)
                                : capital(advice(query, supplied)));
            }
        }
    }

    /** A column whose name no mapper can write gets another one first. */
    private static String advice(KeysQuery query, Set<String> supplied) {
        List<KeyColumn> unwritable =
                query.columns().stream().filter(column -> !column.isWritable()).toList();
        if (query.columns().size() == 1 || unwritable.isEmpty()) {
            return "write " + names(supplied.stream()) + ".";
        }
        String aliases = unwritable.stream()
                .map(column -> "\"%s\" AS %s".formatted(column.name(), column.alias()))
                .collect(Collectors.joining(" and "));
        Stream<String> names = query.columns().stream()
                .map(column -> column.isWritable() ? column : new KeyColumn(column.alias(), column.type()))
                .map(column -> KEYS + "." + column.camelCase());
        return "let keys return " + aliases + ", then write " + names(names) + ".";
    }

    private static String capital(String sentence) {
        return sentence.substring(0, 1).toUpperCase(Locale.ROOT) + sentence.substring(1);
    }

    private static String names(Stream<String> names) {
        return names.map(name -> "#{" + name + "}").collect(Collectors.joining(" and "));
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
