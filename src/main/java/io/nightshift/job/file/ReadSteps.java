package io.nightshift.job.file;

import io.nightshift.job.Dialect;
import io.nightshift.job.Guards;
import io.nightshift.job.RejectLimit;
import io.nightshift.job.StepDefinition;
import io.nightshift.job.StepDefinition.Backfill;
import io.nightshift.job.StepDefinition.Delete;
import io.nightshift.job.StepDefinition.Export;
import io.nightshift.job.StepDefinition.Load;
import io.nightshift.job.StepDefinition.Purge;
import io.nightshift.job.StepDefinition.Sql;
import io.nightshift.job.StepDefinition.Update;
import io.nightshift.job.StepOptions;
import io.nightshift.job.yaml.Reading;
import io.nightshift.job.yaml.Section;
import io.nightshift.job.yaml.YamlNode;
import io.nightshift.job.yaml.YamlNode.Fields;
import io.nightshift.job.yaml.YamlNode.Items;
import io.nightshift.job.yaml.YamlNode.Text;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** Reads the steps of a job. A step with a problem is left out, so that the rest can still be looked at. */
final class ReadSteps {

    static final int KEYED_CHUNK = 1000;
    static final int LOAD_CHUNK = 5000;

    private final Section job;
    private final Reading reading;
    private final Optional<Integer> connections;
    private final Optional<Integer> chunk;
    private final OptionalLong rate;
    private final Map<String, StepDefinition> byName = new LinkedHashMap<>();

    ReadSteps(Section job, Reading reading) {
        this.job = job;
        this.reading = reading;
        this.connections = connections(job);
        this.chunk = chunk(job);
        this.rate = rate(job, OptionalLong.empty());
    }

    List<StepDefinition> read() {
        if (!job.has("steps")) {
            job.problem("steps", "needs the key \"steps\".", "Add steps: and below it one line per step.");
        }
        job.find("steps").ifPresent(node -> {
            if (node instanceof Items items && !items.items().isEmpty()) {
                items.items().forEach(this::add);
            } else {
                reading.fault(node, "takes a list of steps, and there is none.", "Begin each step with a dash.");
            }
        });
        return List.copyOf(byName.values());
    }

    private void add(YamlNode item) {
        if (!(item instanceof Fields fields) || fields.fields().size() != 1) {
            reading.fault(item, severalKinds(item), "Write \"- load:\" and indent the keys of the load below it.");
            return;
        }
        fields.fields().forEach((kind, node) -> {
            int before = reading.problems().all().size();
            Optional<StepDefinition> step = read(kind, node);
            if (reading.problems().all().size() == before) {
                step.ifPresent(definition -> add(definition, node));
            }
        });
    }

    private void add(StepDefinition step, YamlNode node) {
        StepDefinition other = byName.putIfAbsent(step.name(), step);
        if (other != null) {
            reading.problems()
                    .add(
                            node.place().text(),
                            "the name \"" + step.name() + "\" is already that of the step at " + other.where() + ".",
                            step instanceof StepDefinition.Job
                                    ? "A job starts another once; start it the second time from a job of its own."
                                    : "Give one of them another with name: ...");
        }
    }

    private static String severalKinds(YamlNode item) {
        return item instanceof Fields fields
                ? "a step is of one kind, and there are the keys "
                        + String.join(", ", fields.fields().keySet()) + "."
                : "a step is a mapping from its kind to its keys, and there is " + item.shape() + ".";
    }

    private Optional<StepDefinition> read(String kind, YamlNode node) {
        return switch (kind) {
            case "load" -> Optional.of(load(section(node, Keys.LOAD)));
            case "update" -> Optional.of(keyed(node, Update::new));
            case "delete" -> Optional.of(keyed(node, Delete::new));
            case "backfill" -> Optional.of(keyed(node, Backfill::new));
            case "purge" -> Optional.of(purge(section(node, Keys.PURGE)));
            case "report" -> Optional.of(new ReadReport(section(node, Keys.REPORT)).read());
            case "export" -> Optional.of(export(section(node, Keys.EXPORT)));
            case "sql" -> Optional.of(sql(node));
            case "job" -> Optional.of(job(section(node, Keys.JOB_STEP)));
            default -> {
                reading.problems()
                        .add(
                                node.place().text(),
                                "there is no kind of step \"" + kind + "\".",
                                Section.advice(kind, Keys.KINDS));
                yield Optional.empty();
            }
        };
    }

    private Section section(YamlNode node, List<String> known) {
        return Section.of(node, known, reading);
    }

    /** The constructor that update, delete and backfill have alike. */
    private interface KeyedKind {
        StepDefinition of(
                String name,
                String where,
                String table,
                String keys,
                String apply,
                boolean lock,
                boolean manyRowsPerKey,
                RejectLimit rejectLimit,
                StepOptions options);
    }

    private StepDefinition keyed(YamlNode node, KeyedKind kind) {
        Section step = section(node, Keys.KEYED);
        String table = table(step);
        String keys = step.required("keys", Values::statement, "");
        String apply = step.required("apply", Values::statement, "");
        return kind.of(
                name(step, apply),
                step.place().text(),
                table,
                keys,
                apply,
                step.read("lock", Values::flag).orElse(false),
                manyRows(step),
                rejectLimit(step),
                options(step));
    }

    private Purge purge(Section step) {
        String table = table(step);
        String keys = step.required("keys", Values::statement, "");
        List<String> applies = step.list("apply", Values::statement);
        if (!step.has("apply")) {
            step.problem("apply", "needs the key \"apply\".", "Add the deletes as a list, the table's own last.");
        }
        String last = applies.isEmpty() ? "" : applies.get(applies.size() - 1);
        return new Purge(
                name(step, last),
                step.place().text(),
                table,
                keys,
                applies,
                manyRows(step),
                rejectLimit(step),
                options(step));
    }

    private Export export(Section step) {
        String keys = step.required("keys", Values::statement, "");
        String select = step.required("select", Values::statement, "");
        String file = step.required("file", Values::someText, "");
        Optional<Dialect.Format> format = step.read("format", Values.oneOf(Dialect.Format.class));
        if (format.isEmpty() && Dialect.Format.byEnding(file).isEmpty()) {
            step.problem(
                    "file", "the ending of \"" + file + "\" does not tell the format.", "Add format: csv or jsonl.");
        }
        if (file.endsWith(".gz")) {
            step.problem("file", "exports are not compressed.", "Take the ending .gz away.");
        }
        return new Export(
                name(step, select),
                step.place().text(),
                keys,
                select,
                file,
                format.or(() -> Dialect.Format.byEnding(file)).orElse(Dialect.Format.CSV),
                new StepOptions(1, options(step).chunk(), guards(step, ""), rate(step, rate)));
    }

    private Sql sql(YamlNode node) {
        if (node instanceof Text text && !text.absent()) {
            return sql(new Fields(node.place(), Map.of("statement", text)));
        }
        Section step = section(node, Keys.SQL);
        String statement = step.required("statement", Values::statement, "");
        return new Sql(name(step, statement), step.place().text(), statement);
    }

    private StepDefinition.Job job(Section step) {
        String name = step.required("name", Values::someText, "");
        Map<String, String> parameters = new LinkedHashMap<>();
        step.map("parameters").forEach((key, value) -> parameters.put(key, argument(step, value)));
        return new StepDefinition.Job(name, step.place().text(), name, parameters);
    }

    /** As it would be typed: the elements of a list between commas. */
    private static String argument(Section step, YamlNode value) {
        if (value instanceof Items items) {
            return items.items().stream()
                    .map(item -> argument(step, item).replace(",", "\\,"))
                    .collect(Collectors.joining(","));
        }
        return step.text(value);
    }

    private static String table(Section step) {
        return step.required("table", Values::someText, "");
    }

    static String name(Section step, String otherwise) {
        return step.read("name", Values::stepName).orElse(otherwise);
    }

    private static boolean manyRows(Section step) {
        return step.read("rows-per-key", Values.oneOf(List.of("one", "many")))
                .orElse("one")
                .equals("many");
    }

    static RejectLimit rejectLimit(Section step) {
        return step.read("reject-limit", Values::rejectLimit).orElse(RejectLimit.NONE);
    }

    private Load load(Section step) {
        int ofStep = connections(step).or(() -> connections).orElse(1);
        return new ReadLoad(step).read(chunk.orElse(LOAD_CHUNK), ofStep, rate);
    }

    private StepOptions options(Section step) {
        return new StepOptions(
                connections(step).or(() -> connections).orElse(1),
                chunk(step).or(() -> chunk).orElse(KEYED_CHUNK),
                guards(step, step.text("table").orElse("")),
                rate(step, rate));
    }

    static Guards guards(Section step, String table) {
        Optional<Guards.MaxRows> most = step.read("max-rows", Values::maxRows);
        if (most.filter(Guards.MaxRows::isShare).isPresent() && step.has("select")) {
            step.problem("max-rows", "is a share of a table, and an export names none.", "Write a number of rows.");
        }
        Optional<Guards.Range> range = step.read("expect", Values::range);
        return most.isEmpty() && range.isEmpty() ? Guards.NONE : new Guards(most, range, table);
    }

    private static Optional<Integer> connections(Section section) {
        return section.read("connections", Values.whole(1, 100));
    }

    static Optional<Integer> chunk(Section section) {
        return section.read("chunk", Values.whole(1, 1_000_000));
    }

    /** {@code none} takes back what the job says. */
    static OptionalLong rate(Section section, OptionalLong otherwise) {
        return section.read(
                        "rate",
                        text -> text.equals("none")
                                ? 0
                                : Values.whole(1, 999_999_999).parse(text))
                .map(rows -> rows == 0 ? OptionalLong.empty() : OptionalLong.of(rows))
                .orElse(otherwise);
    }
}
