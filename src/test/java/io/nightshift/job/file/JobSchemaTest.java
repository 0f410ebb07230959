package io.nightshift.job.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Holds the schema for editors against the reader: both know the same keys. */
class JobSchemaTest {

    private final JsonNode schema =
            JsonMapper.shared().readTree(Path.of("jobs/job.schema.json").toFile());

    @Test
    void theSchemaKnowsTheKeysThatTheReaderKnows() {
        assertThat(keys(schema)).isEqualTo(Keys.JOB);
        Map.of(
                        "parameter", Keys.PARAMETER,
                        "schedule", Keys.SCHEDULE,
                        "step", Keys.KINDS,
                        "load", Keys.LOAD,
                        "dialect", Keys.DIALECT,
                        "keyed", Keys.KEYED,
                        "purge", Keys.PURGE,
                        "report", Keys.REPORT,
                        "output", Keys.OUTPUT,
                        "chart", Keys.CHART)
                .forEach((name, keys) ->
                        assertThat(keys(definition(name))).as(name).isEqualTo(keys));
        Map.of("export", Keys.EXPORT, "sql", Keys.SQL, "job", Keys.JOB_STEP)
                .forEach((name, keys) ->
                        assertThat(keys(definition(name))).as(name).isEqualTo(keys));
    }

    @Test
    void theSchemaKnowsTheTypesThatTheReaderKnows() {
        List<String> types = new ArrayList<>();
        definition("parameter").at("/properties/type/enum").forEach(type -> types.add(type.asString()));
        assertThat(types).isEqualTo(ReadParameters.typeWords());
    }

    @Test
    void everyReferenceLeadsSomewhere() {
        schema.findValuesAsString("$ref").forEach(reference -> assertThat(
                        schema.at(reference.substring(1)).isMissingNode())
                .as(reference)
                .isFalse());
    }

    private JsonNode definition(String name) {
        return schema.at("/$defs/" + name);
    }

    private static List<String> keys(JsonNode object) {
        return List.copyOf(object.get("properties").propertyNames());
    }
}
