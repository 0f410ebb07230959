package io.nightshift.run.work;

import io.nightshift.chunk.Assignment;
import io.nightshift.job.JobDefinition;
import io.nightshift.job.ParameterDefinition;
import io.nightshift.job.ParameterValues;
import io.nightshift.job.StepDefinition;
import io.nightshift.job.file.JobFile;
import io.nightshift.problem.ExitCode;
import io.nightshift.problem.ProblemException;
import io.nightshift.problem.Problems;
import io.nightshift.run.books.Hash;
import io.nightshift.sql.SqlValue;
import io.nightshift.step.ListedKeys;
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
public record Work(
        JobFile file,
        JobDefinition definition,
        ParameterValues values,
        String contentHash,
        Optional<ListedKeys> listed) {

    private static final JsonMapper JSON = JsonMapper.shared();

    private static final DateTimeFormatter TIMESTAMP =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSSxxx").withZone(ZoneOffset.UTC);

    /** What somebody asks for, with the values that were typed. */
    public static Work of(StartRequest request, Catalog catalog) {
        JobFile file = catalog.job(request.job());
        Problems problems = new Problems();
        ParameterValues values = file.values(request.arguments(), request.directory(), problems);
        problems.throwIfAny(ExitCode.USAGE);
        return of(file, values, catalog, request.listed());
    }

    /**
     * The job as a file and values make it.
     *
     * @throws ProblemException with everything that is wrong with it
     */
    public static Work of(JobFile file, ParameterValues values, Catalog catalog, Optional<ListedKeys> listed) {
        Problems problems = new Problems();
        JobDefinition definition = file.define(values, problems);
        problems.throwIfAny(ExitCode.USAGE);
        catalog.check(definition, problems);
        problems.throwIfAny(ExitCode.USAGE);
        refuseListUnlessKeyed(definition, listed);
        return new Work(file, definition, values, catalog.hash(file, definition), listed);
    }

    /** The same for every run of the same job with the same parameters, and limited to the same keys. */
    public String key() {
        return listed.map(list -> Hash.of(definition.name(), parameters(), list.text()))
                .orElseGet(() -> Hash.of(definition.name(), parameters()));
    }

    /** Whether runs of the job with other parameters may be at work beside it. */
    public boolean sideBySide() {
        return definition.options().sideBySide();
    }

    /** The list that was frozen into a run with the texts of its files. */
    public static Optional<ListedKeys> listed(List<Map.Entry<String, String>> frozen) {
        return frozen.stream()
                .filter(text -> text.getKey().equals(ListedKeys.NAME))
                .map(text -> new ListedKeys(text.getValue()))
                .findFirst();
    }

    /** @throws ProblemException when there is a list, and it is not clear for which keys */
    public static void refuseListUnlessKeyed(JobDefinition job, Optional<ListedKeys> listed) {
        List<String> keyed = job.steps().stream()
                .filter(step -> step instanceof StepDefinition.Keyed || step instanceof StepDefinition.Export)
                .map(StepDefinition::name)
                .toList();
        if (listed.isPresent() && keyed.size() != 1) {
            throw new ProblemException(
                    ExitCode.USAGE,
                    "--keys-from",
                    "job %s has %s"
                            .formatted(
                                    job.name(),
                                    keyed.isEmpty()
                                            ? "no step that works on keys"
                                            : "several steps that work on keys: " + String.join(", ", keyed)),
                    "A list of keys is for a job with one such step.");
        }
    }

    /** The parameters as JSON, sorted by name: the canonical text that is kept. */
    public String parameters() {
        return JSON.writeValueAsString(values.values());
    }

    /** Reads back what {@link #parameters()} wrote. */
    public static ParameterValues values(String json) {
        return new ParameterValues(JSON.readValue(json, new TypeReference<Map<String, List<String>>>() {}));
    }

    /** The parameters as statements see them, typed, with the run's own. */
    public Map<String, SqlValue> sqlValues(long run, Instant now, Instant asOf) {
        Map<String, SqlValue> bound = new HashMap<>();
        for (ParameterDefinition parameter : definition.parameters()) {
            bound.put(parameter.sqlName(), bound(parameter, values.find(parameter.name())));
        }
        bound.put("now", new SqlValue("timestamptz", TIMESTAMP.format(now)));
        bound.put("asOf", new SqlValue("timestamptz", TIMESTAMP.format(asOf)));
        bound.put("run", new SqlValue("int8", Long.toString(run)));
        return bound;
    }

    /**
     * One of its steps, for the database.
     *
     * @param run     0 where there is none; so is the attempt, and so is the token where nothing is committed
     */
    public Assignment assignment(String schema, String step, long run, int attempt, long token) {
        JobDefinition.Options options = definition.options();
        return new Assignment(
                schema,
                definition.name(),
                run,
                attempt,
                token,
                step,
                new Assignment.Bounds(options.lockTimeout(), options.statementTimeout(), options.targetDuration()));
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
