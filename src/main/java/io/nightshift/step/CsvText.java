package io.nightshift.step;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes CSV (RFC 4180, LF) so that a load reads back the same: NULL is an empty field without quotes, the empty string
 * is {@code ""}.
 */
public final class CsvText {

    private CsvText() {}

    /** One record with its line end. */
    public static String record(List<@Nullable String> fields) {
        StringBuilder line = new StringBuilder();
        for (int field = 0; field < fields.size(); field++) {
            line.append(field == 0 ? "" : ",").append(quoted(fields.get(field)));
        }
        return line.append('\n').toString();
    }

    private static String quoted(@Nullable String field) {
        if (field == null) {
            return "";
        }
        boolean plain =
                !field.isEmpty() && field.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        return plain ? field : '"' + field.replace("\"", "\"\"") + '"';
    }
}
