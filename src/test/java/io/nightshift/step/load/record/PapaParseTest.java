package io.nightshift.step.load.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.SharedData;
import io.nightshift.job.Dialect;
import io.nightshift.step.load.record.Content.Fields;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

class PapaParseTest {

    private static final Set<String> KNOWN_OPTIONS = Set.of("delimiter", "quoteChar", "newline");

    // Here quotes are what COPY takes them for, a delimiter is never guessed, and every kind of line end ends a record.
    private static final Set<String> READ_AS_COPY_READS_IT = Set.of(
            "Unquoted field with quotes at end of field",
            "Quoted field with whitespace around quotes",
            "Misplaced quotes in data, not as opening quotes",
            "Misplaced quotes in data twice, not as opening quotes",
            "Quoted fields with spaces between closing quote and next delimiter",
            "Quoted fields with spaces between closing quote and next new line",
            "Quoted fields with spaces after closing quote",
            "Quoted fields with spaces between closing quote and next delimiter and contains delimiter",
            "Quoted fields with spaces between closing quote and newline and contains newline",
            "Quoted field with 5 quotes in a row and a delimiter in there, too",
            "Mixed slash n and slash r should choose first as precident",
            "UTF-8 BOM encoded input is stripped from invisible BOM character");

    @TempDir
    private Path temporary;

    private final Path folder = SharedData.set("csv_torture").resolve("papaparse");

    @TestFactory
    Stream<DynamicTest> casesThatNeedNoMoreThanOurDialectGiveTheSameRecords() {
        JsonNode cases =
                new ObjectMapper().readTree(folder.resolve("cases.json").toFile());
        return StreamSupport.stream(cases.spliterator(), false)
                .filter(PapaParseTest::isWithinOurDialect)
                .map(c -> DynamicTest.dynamicTest(c.path("description").asString(), () -> check(c)));
    }

    private static boolean isWithinOurDialect(JsonNode c) {
        String description = c.path("description").asString();
        JsonNode config = c.path("config");
        return !c.path("suite").asString().equals("UNPARSE_TESTS")
                && !c.has("has_function")
                && KNOWN_OPTIONS.containsAll(config.propertyNames())
                && config.path("delimiter").asString(",").matches("[^\\n]")
                && c.path("expected").path("errors").isEmpty()
                && !description.startsWith("Pipe delimiter is guessed")
                && !READ_AS_COPY_READS_IT.contains(description);
    }

    private void check(JsonNode c) throws IOException {
        JsonNode config = c.path("config");
        Dialect dialect = Reading.csv(
                config.path("delimiter").asString(",").charAt(0),
                config.path("quoteChar").asString("\"").charAt(0),
                "");
        String input = c.path("input").asString();
        List<List<String>> expected = expected(c, input);
        List<Record> records = Reading.all(Reading.write(temporary, input), dialect);
        assertThat(records).hasSameSizeAs(expected);
        for (int i = 0; i < records.size(); i++) {
            if (records.get(i).content() instanceof Fields fields) {
                assertThat(fields.values())
                        .map(value -> Objects.toString(value, ""))
                        .isEqualTo(expected.get(i));
            } else {
                assertThat(expected.get(i).size()).isNotEqualTo(expected.get(0).size());
            }
        }
    }

    // Papa Parse sees one more, empty record behind the last line end.
    private static List<List<String>> expected(JsonNode c, String input) {
        List<List<String>> rows = new ArrayList<>();
        for (JsonNode row : c.path("expected").path("data")) {
            rows.add(StreamSupport.stream(row.spliterator(), false)
                    .map(JsonNode::asString)
                    .toList());
        }
        if (input.endsWith("\n")) {
            rows.remove(rows.size() - 1);
        }
        return rows;
    }
}
