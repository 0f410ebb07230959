package io.nightshift.run;

import io.nightshift.job.JobDefinition;
import io.nightshift.job.JobFile;
import io.nightshift.job.ParameterDefinition;
import io.nightshift.job.ParameterValues;
import io.nightshift.sql.SqlValue;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** What is to be done: a job with its parameters resolved. */
record Work(JobFile file, JobDefinition definition, ParameterValues values, String contentHash) {

    private static final JsonMapper JSON = JsonMapper.shared();

    private static final DateTimeFormatter TIMESTAMP =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSSxxx").withZone(ZoneOffset.UTC);

    /** The same for every run of the same job with the same parameters. */
    String key() {
        return Hash.of(definition.name(), parameters());
    }

    /** The parameters as JSON, sorted by name: the canonical text that is kept. */
    String parameters() {
        return JSON.writeValueAsString(values.values());
    }

    /** Reads back what {@link #parameters()} wrote. */
    static ParameterValues values(String json) {
        return new ParameterValues(JSON.readValue(json, new TypeReference<Map<String, List<String>>>() {}));
    }

    /** The parameters as statements see them, typed, with the run's own. */
    Map<String, SqlValue> sqlValues(long run, Instant now, Instant asOf) {
        Map<String, SqlValue> bound = new HashMap<>();
        for (ParameterDefinition parameter : definition.parameters()) {
            bound.put(parameter.sqlName(), bound(parameter, values.find(parameter.name())));
        }
        bound.put("now", new SqlValue("timestamptz", TIMESTAMP.format(now)));
        bound.put("asOf", new SqlValue("timestamptz", TIMESTAMP.format(asOf)));
        bound.put("run", new SqlValue("int8", Long.toString(run)));
        return bound;
    }

    private static SqlValue bound(ParameterDefinition parameter, Optional<List<String>> value) {
        String type = parameter.type().sqlType();
        if (value.isEmpty()) {
            return new SqlValue(parameter.sqlType(), null);
        }
        return parameter.list()
                ? SqlValue.array(type, List.copyOf(value.get()))
                : new SqlValue(type, value.get().get(0));
    }
}
