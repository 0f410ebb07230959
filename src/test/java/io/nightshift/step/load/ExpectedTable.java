package io.nightshift.step.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.TestDatabase;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a set of real data says about one of its tables, compared with a table in a database. */
final class ExpectedTable {

    private final String table;
    private final JsonNode facts;
    private final List<String> key;

    private ExpectedTable(String table, JsonNode facts) {
        this.table = table;
        this.facts = facts;
        this.key = StreamSupport.stream(facts.get("key").spliterator(), false)
                .map(name -> snakeCase(name.stringValue()))
                .toList();
    }

    static ExpectedTable of(Path set, String table) {
        return new ExpectedTable(table, all(set).get(table));
    }

    /** The whole of {@code expected.json}. */
    static JsonNode all(Path set) {
        return JsonMapper.shared().readTree(set.resolve("expected.json"));
    }

    /** {@code TagBased} as a column. */
    static String snakeCase(String name) {
        return name.replaceAll("(?<=[a-z])(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
    }

    /** Rows and keys, by their checksum. */
    void hasRowsAndKeys(TestDatabase database) {
        assertThat(database.value("SELECT count(*) FROM " + table))
                .as("rows of %s", table)
                .isEqualTo(facts.get("rows").asString());
        assertThat(md5OfKeys(database))
                .as("keys of %s", table)
                .isEqualTo(facts.get("md5_sorted_keys").stringValue());
    }

    /** The checksum over all values of all rows, written as the file wrote them. */
    void hasRowsLike(TestDatabase database, List<String> values) {
        assertThat(md5OfRows(database, values))
                .as("values of %s", table)
                .isEqualTo(facts.get("md5_sorted_row_md5s").stringValue());
    }

    void hasNullsEmptyTextsAndSums(TestDatabase database) {
        eachHolds(database, "nulls", "count(*) FILTER (WHERE %s IS NULL)");
        eachHolds(database, "empty_strings", "count(*) FILTER (WHERE %s::text = '')");
        eachHolds(database, "sums", "sum(%s::numeric)");
    }

    private void eachHolds(TestDatabase database, String fact, String aggregate) {
        if (!facts.has(fact)) {
            return;
        }
        for (Map.Entry<String, JsonNode> column : facts.get(fact).properties()) {
            String query = "SELECT %s FROM %s".formatted(aggregate.formatted(snakeCase(column.getKey())), table);
            assertThat(database.value(query))
                    .as("%s of %s.%s", fact, table, column.getKey())
                    .isEqualTo(column.getValue().asString());
        }
    }

    String md5OfKeys(TestDatabase database) {
        return database.value(
                "SELECT md5(string_agg(k, E'\\n' ORDER BY k COLLATE \"C\")) FROM (SELECT concat_ws('|', %s) AS k FROM %s) q"
                        .formatted(String.join(", ", key), table));
    }

    String md5OfRows(TestDatabase database, List<String> values) {
        return md5OfRows(database, table, values);
    }

    /** Over the sorted checksums of the rows, so that their order does not matter. */
    static String md5OfRows(TestDatabase database, String table, List<String> values) {
        String row = values.stream()
                .map(value -> "coalesce(" + value + ", E'\\\\N')")
                .collect(Collectors.joining(" || '|' || "));
        return String.valueOf(database.value(
                "SELECT md5(string_agg(r, E'\\n' ORDER BY r COLLATE \"C\")) FROM (SELECT md5(%s) AS r FROM %s) q"
                        .formatted(row, table)));
    }
}
