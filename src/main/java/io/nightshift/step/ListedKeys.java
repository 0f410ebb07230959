package io.nightshift.step;

import io.nightshift.problem.ExitCode;
import io.nightshift.problem.ProblemException;
import io.nightshift.problem.Problems;
import io.nightshift.sql.KeysQuery;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Keys that somebody has listed: a run works on these and no others. One on each line; of several columns, as CSV.
 *
 * @param text the whole list
 */
public record ListedKeys(String text) {

    /** The name by which the list is frozen into a run. */
    public static final String NAME = "keys-from";

    private static final String WHERE = "--keys-from";
    private static final int NAMED = 20;

    /** The query for those of its keys that are listed. */
    public KeysQuery limit(Connection connection, KeysQuery query) throws SQLException {
        List<List<String>> rows = rows(query.columns().size());
        try {
            return query.limitedTo(connection, rows);
        } catch (SQLException unfit) {
            if (String.valueOf(unfit.getSQLState()).startsWith("22")) {
                throw new ProblemException(
                        ExitCode.USAGE,
                        WHERE,
                        String.valueOf(unfit.getMessage())
                                .lines()
                                .findFirst()
                                .orElse("")
                                .replaceFirst("^ERROR: ", ""),
                        "Nothing was changed. Write keys as they are in the columns " + names(query)
                                + ", one on each line.");
            }
            throw unfit;
        }
    }

    private static String names(KeysQuery query) {
        return String.join(", ", query.names());
    }

    private List<List<String>> rows(int columns) {
        Problems problems = new Problems();
        List<List<String>> rows = new ArrayList<>();
        List<String> lines = text.lines().toList();
        for (int line = 0; line < lines.size(); line++) {
            String written = lines.get(line);
            if (written.isBlank()) {
                continue;
            }
            String where = WHERE + ":" + (line + 1);
            boolean plain = columns == 1 && !written.startsWith("\"");
            List<String> fields = plain ? List.of(written.strip()) : fields(written);
            if (!plain && written.chars().filter(each -> each == '"').count() % 2 != 0) {
                problems.add(
                        where,
                        "a quote is not closed",
                        "A key stands on one line; write a quote that is part of it twice, and the key in quotes.");
            } else if (fields.size() != columns) {
                problems.add(
                        where,
                        "has %d fields, and the keys of this job have %d columns".formatted(fields.size(), columns),
                        "Write one key on each line, its columns between commas.");
            } else {
                rows.add(fields);
            }
        }
        problems.throwIfAny(ExitCode.USAGE);
        return rows;
    }

    /** One line of CSV; two quotes inside quotes are one. */
    private static List<String> fields(String line) {
        List<String> fields = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        boolean quoted = false;
        for (char each : line.toCharArray()) {
            if (each == '"') {
                quoted = !quoted;
                if (quoted && !field.isEmpty() && field.charAt(field.length() - 1) == '\u0000') {
                    field.setCharAt(field.length() - 1, '"');
                } else if (!quoted) {
                    // A mark for a quote that may turn out to be the first of two.
                    field.append('\u0000');
                }
            } else if (each == ',' && !quoted) {
                fields.add(closed(field));
                field.setLength(0);
            } else {
                field.append(each);
            }
        }
        fields.add(closed(field));
        return fields;
    }

    private static String closed(StringBuilder field) {
        return field.toString().replace("\u0000", "");
    }

    /** A line about the listed keys that the query does not find; empty when it finds them all. */
    public static String notFound(Connection connection, KeysQuery query) throws SQLException {
        List<List<String>> missing = query.rows(connection, query.missing());
        if (missing.isEmpty()) {
            return "";
        }
        return "%,d listed key%s %s not found, or %s not qualify: %s%s"
                .formatted(
                        missing.size(),
                        missing.size() == 1 ? "" : "s",
                        missing.size() == 1 ? "was" : "were",
                        missing.size() == 1 ? "does" : "do",
                        missing.stream()
                                .limit(NAMED)
                                .map(key -> String.join(",", key))
                                .collect(Collectors.joining("; ")),
                        missing.size() > NAMED ? "; ..." : "");
    }
}
