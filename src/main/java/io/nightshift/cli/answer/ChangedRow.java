package io.nightshift.cli.answer;

import io.nightshift.cli.terminal.Json;
import io.nightshift.rehearse.RehearsedChunk;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** What became of a row: the columns that differ, before and after. */
final class ChangedRow {

    private static final int LONGEST = 60;

    private ChangedRow() {}

    /** {@code word_count null -> 12, updated_at ... -> ...}, {@code deleted} or {@code unchanged}. */
    static String words(RehearsedChunk.Sample row) {
        if (row.before().isEmpty() || row.after().isEmpty()) {
            return row.after().isEmpty() ? "deleted" : "new";
        }
        JsonNode before = Json.parsed(row.before().get());
        JsonNode after = Json.parsed(row.after().get());
        List<String> changes = new ArrayList<>();
        for (String column : after.propertyNames()) {
            JsonNode old = before.path(column);
            JsonNode now = after.path(column);
            if (!old.equals(now)) {
                changes.add(column + " " + cut(old.toString()) + " -> " + cut(now.toString()));
            }
        }
        return changes.isEmpty() ? "unchanged" : String.join(", ", changes);
    }

    private static String cut(String value) {
        return value.length() <= LONGEST ? value : value.substring(0, LONGEST) + "...";
    }
}
