package io.nightshift.job.file;

import io.nightshift.content.ContentFile;
import io.nightshift.job.JobDefinition;
import io.nightshift.job.JobDefinition.Conditions;
import io.nightshift.job.JobDefinition.Options;
import io.nightshift.job.JobDefinition.Retries;
import io.nightshift.job.JobDefinition.Schedule;
import io.nightshift.job.ParameterDefinition;
import io.nightshift.job.ParameterDefinition.Type;
import io.nightshift.job.ParameterValues;
import io.nightshift.job.yaml.Place;
import io.nightshift.job.yaml.ReadYaml;
import io.nightshift.job.yaml.Reading;
import io.nightshift.job.yaml.Section;
import io.nightshift.job.yaml.YamlNode.Fields;
import io.nightshift.problem.Problems;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** One file of {@code jobs/} as it is written: a job for every set of parameters. */
public final class JobFile {

    private static final Duration LOCK_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration TARGET_DURATION = Duration.ofMillis(100);
    private static final String WITHOUT = "none";

    /** Read before there are values: text for people, and what says for itself that it takes none. */
    private static final Set<String> LITERAL = Set.of("description", "parameters", "schedule");

    private final ContentFile content;
    private final Fields tree;
    private final String description;
    private final List<ParameterDefinition> parameters;
    private final Optional<Schedule> schedule;

    private JobFile(ContentFile content, Fields tree, Section job, Problems problems) {
        this.content = content;
        this.tree = tree;
        this.description = job.text("description").orElse("");
        this.parameters =
                job.find("parameters").map(new ReadParameters(problems)::read).orElse(List.of());
        this.schedule = job.find("schedule").map(node -> new ReadSchedule(problems).read(node, parameters));
    }

    /** Reads a file and adds every problem in it. One that is no YAML is a job without steps. */
    static JobFile read(ContentFile content, Problems problems) {
        Optional<Fields> tree = new ReadYaml(content, problems).read();
        Reading reading = new Reading(problems, false);
        Fields fields = tree.orElseGet(() -> new Fields(new Place(content.where(), 1, ""), Map.of()));
        JobFile file = new JobFile(content, fields, Section.unchecked(fields, reading), problems);
        if (tree.isPresent()) {
            Section.of(fields, Keys.JOB, reading);
            file.checkPlaceholders(reading);
            file.define(file.sampleValues(), new Reading(problems, true));
        }
        return file;
    }

    /** The file's name without folder and ending: {@code load-users}. */
    static String nameOf(String where) {
        return where.substring(where.lastIndexOf('/') + 1).replaceFirst("\\.ya?ml$", "");
    }

    public String name() {
        return nameOf(content.where());
    }

    /** Relative to the home: {@code jobs/load-users.yml}. */
    public String file() {
        return content.where();
    }

    /** The whole file, as it is frozen into a run. */
    public String text() {
        return content.text();
    }

    /** One line for people; empty when the file has none. */
    public String description() {
        return description;
    }

    /** As declared, in order. */
    public List<ParameterDefinition> parameters() {
        return parameters;
    }

    public Optional<Schedule> schedule() {
        return schedule;
    }

    /** What the whole job sets; the usual where that hangs on a parameter. */
    public Options options() {
        return sample().options();
    }

    /**
     * The values of one run: typed, checked, in canonical text, with the defaults. Every fault is a problem: parameters
     * that do not exist, are missing or do not fit.
     *
     * @param arguments as typed, by kebab-case name; lists several times or with commas ({@code \,} is a comma in one)
     * @param directory against which relative paths in the arguments are resolved; a default is relative to the home
     */
    public ParameterValues values(Map<String, List<String>> arguments, Path directory, Problems problems) {
        return new GivenValues(this, directory, problems).check(arguments);
    }

    /** The job with the values filled in; where there are problems, the steps that have them are left out. */
    public JobDefinition define(ParameterValues values, Problems problems) {
        return define(values, new Reading(problems, false));
    }

    /**
     * The job with harmless values for the parameters that have no default. What is wrong whatever the values was a
     * problem on reading already, and the steps concerned are left out here.
     */
    public JobDefinition sample() {
        return define(sampleValues(), new Reading(new Problems(), true));
    }

    /** The defaults, and a harmless value of its type for each parameter without one. */
    public ParameterValues sampleValues() {
        Map<String, List<String>> samples = new TreeMap<>();
        for (ParameterDefinition parameter : parameters) {
            if (parameter.defaultValue().isEmpty()) {
                samples.put(parameter.name(), List.of(sample(parameter)));
            }
        }
        return values(samples, Path.of(""), new Problems());
    }

    Fields tree() {
        return tree;
    }

    private JobDefinition define(ParameterValues values, Reading reading) {
        Fields filled = new Placeholders(parameters).fill(tree, values, reading);
        Section job = Section.unchecked(filled, reading);
        return new JobDefinition(
                name(), file(), description, parameters, schedule, options(job), new ReadSteps(job, reading).read());
    }

    private static Options options(Section job) {
        return new Options(
                job.read("at-most", Span::duration),
                timeout(job, "lock-timeout", LOCK_TIMEOUT),
                timeout(job, "statement-timeout", Duration.ZERO),
                timeout(job, "target-duration", TARGET_DURATION),
                new Retries(
                        job.read("retries", Values.whole(0, 100)),
                        job.read("retry-first", Span::duration),
                        job.read("retry-longest", Span::duration)),
                job.read("side-by-side", Values::flag).orElse(false),
                job.read("keep-going", Values::flag).orElse(false),
                new ReadHolds(job).read(),
                new Conditions(job.list("before", Values::statement), job.list("after", Values::statement)));
    }

    private static Duration timeout(Section job, String key, Duration usual) {
        return job.read(key, text -> text.equals(WITHOUT) ? Duration.ZERO : Span.duration(text))
                .orElse(usual);
    }

    private void checkPlaceholders(Reading reading) {
        Placeholders placeholders = new Placeholders(parameters);
        tree.fields().forEach((key, value) -> {
            if (!LITERAL.contains(key)) {
                placeholders.check(value, reading);
            }
        });
    }

    private static String sample(ParameterDefinition parameter) {
        Type type = parameter.type();
        return switch (type) {
            case INTEGER, DECIMAL -> "1";
            case TEXT, PATH -> "sample";
            case BOOLEAN -> "false";
            case DATE -> "2000-01-01";
            case TIMESTAMP -> "2000-01-01T00:00:00Z";
            case DURATION -> "P1D";
            case ENUM ->
                parameter.values().isEmpty() ? "sample" : parameter.values().get(0);
        };
    }
}
