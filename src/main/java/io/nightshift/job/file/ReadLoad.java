package io.nightshift.job.file;

import io.nightshift.job.Dialect;
import io.nightshift.job.Dialect.Format;
import io.nightshift.job.StepDefinition.Load;
import io.nightshift.job.StepDefinition.LoadedBefore;
import io.nightshift.job.StepOptions;
import io.nightshift.job.yaml.Section;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads a load. */
final class ReadLoad {

    private static final int MAX_RECORD = 16 << 20;

    /** A character that no text file has. */
    private static final char NONE = '\0';

    /** What only CSV has. */
    private static final List<String> CSV_ONLY = List.of("header", "delimiter", "quote", "null");

    private final Section step;

    ReadLoad(Section step) {
        this.step = step;
    }

    Load read(int chunkOfJob, int connections, OptionalLong rateOfJob) {
        Optional<String> into = step.read("into", Values::someText);
        Optional<String> merge = step.read("merge", Values::statement);
        checkTarget();
        Optional<Section> dialect = step.section("dialect", Keys.DIALECT);
        Optional<Format> format = dialect.flatMap(section -> section.read("format", Values.oneOf(Format.class)));
        return new Load(
                ReadSteps.name(step, merge.or(() -> into).orElse("")),
                step.place().text(),
                from(),
                step.has("from-first"),
                into,
                merge,
                columns(),
                dialect.map(section -> dialect(section, format)).orElseGet(ReadLoad::usual),
                format.isEmpty(),
                step.list("merge-key", Values::someText),
                ReadSteps.rejectLimit(step),
                // A merge can meet its rows again; a straight copy would double them.
                step.read("loaded-before", Values.oneOf(LoadedBefore.class))
                        .orElse(into.isPresent() ? LoadedBefore.SKIP : LoadedBefore.LOAD),
                step.read("extra-columns", Values.oneOf(List.of("refuse", "ignore")))
                        .orElse("refuse")
                        .equals("ignore"),
                new StepOptions(
                        connections,
                        ReadSteps.chunk(step).orElse(chunkOfJob),
                        ReadSteps.guards(
                                step,
                                into.or(() -> merge.map(id -> id.replaceFirst("\\.[^.]*$", "")))
                                        .orElse("")),
                        ReadSteps.rate(step, rateOfJob)));
    }

    private List<String> from() {
        if (step.has("from") == step.has("from-first")) {
            step.problem(
                    "from-first",
                    step.has("from") ? "a load has \"from\" or \"from-first\", not both." : "needs the key \"from\".",
                    "Add from: and the path of the file, or a list of them; from-first: takes the first that is there.");
        }
        return step.list(step.has("from") ? "from" : "from-first", Values::someText);
    }

    private void checkTarget() {
        if (step.has("into") == step.has("merge")) {
            step.problem(
                    "merge",
                    step.has("into") ? "a load has \"into\" or \"merge\", not both." : "the load goes nowhere.",
                    "Write into: <table> for a straight copy, or merge: <statement>.");
        }
        if (step.has("into") && step.has("merge-key")) {
            step.problem("merge-key", "a straight copy has no order to keep.", "Take it out, or use merge.");
        }
    }

    private Map<String, String> columns() {
        Map<String, String> columns = new LinkedHashMap<>();
        Map<String, String> fields = new LinkedHashMap<>();
        step.map("columns").forEach((field, value) -> {
            String column = step.text(value);
            columns.put(field, column);
            String other = fields.putIfAbsent(column, field);
            if (other != null) {
                step.problem(
                        "columns",
                        "the fields \"" + other + "\" and \"" + field + "\" both go to the column \"" + column + "\".",
                        "Keep one of the two.");
            }
        });
        return columns;
    }

    private static Dialect usual() {
        return new Dialect(Format.CSV, true, ',', '"', "", StandardCharsets.UTF_8, ZoneOffset.UTC, MAX_RECORD);
    }

    private static Dialect dialect(Section section, Optional<Format> format) {
        Dialect usual = usual();
        char delimiter = section.read("delimiter", Values::character).orElse(usual.delimiter());
        char quote = section.read("quote", text -> text.isEmpty() ? NONE : Values.character(text))
                .orElse(usual.quote());
        if (delimiter == quote) {
            section.problem("quote", "fields cannot be quoted with their delimiter.", "Choose another character.");
        }
        if (format.equals(Optional.of(Format.JSONL))) {
            CSV_ONLY.stream()
                    .filter(section::has)
                    .forEach(key -> section.problem(key, "nothing obeys this key in JSONL.", "Take it out."));
        }
        return new Dialect(
                format.orElse(usual.format()),
                section.read("header", Values::flag).orElse(usual.header()),
                delimiter,
                quote,
                section.text("null").orElse(usual.nullText()),
                section.read("encoding", Values::encoding).orElse(usual.encoding()),
                section.read("zone", Values::zone).orElse(usual.zone()),
                section.read("max-record", Values::size).orElse(usual.maxRecordBytes()));
    }
}
