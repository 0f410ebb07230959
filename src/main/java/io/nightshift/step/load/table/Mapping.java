package io.nightshift.step.load.table;

import io.nightshift.job.StepDefinition;
import io.nightshift.problem.Choices;
import io.nightshift.problem.Problems;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Which field of a file goes into which column.
 *
 * @param fields  by name; for CSV in the order of the file, so that the position counts
 * @param columns those that the file fills, in the order they are sent
 */
public record Mapping(Map<String, Optional<Target.Column>> fields, List<Target.Column> columns) {

    /**
     * Maps the fields of one file; adds every field that leads nowhere to the problems.
     *
     * @param names the fields of the file: of its header, or the positions from "1" where there is none
     */
    public static Mapping of(
            List<String> names, StepDefinition.Load step, Target target, Problems problems, String file) {
        Map<String, Optional<Target.Column>> fields = new LinkedHashMap<>();
        List<Target.Column> columns = new ArrayList<>();
        Set<String> taken = new HashSet<>();
        for (String name : names) {
            Optional<Target.Column> column = column(name, step, target);
            if (column.isEmpty() && !step.ignoreExtraColumns()) {
                String wanted = step.columns().getOrDefault(name, name);
                Optional<String> computed = target.whyComputed(wanted);
                problems.add(
                        file,
                        computed.map(why -> "the field \"" + name + "\" cannot be loaded: " + why)
                                .orElse("the field \"" + name + "\" has no column in " + target.name()),
                        computed.map(why -> "Leave the field out of the file, or write \"extra-columns: ignore\".")
                                .orElseGet(() -> new Choices(target.names()).advice(wanted)
                                        + " Map it under columns:, or write \"extra-columns: ignore\"."));
            }
            if (column.isPresent() && !taken.add(column.get().name()) || fields.containsKey(name)) {
                problems.add(
                        file,
                        "two fields lead to the column \""
                                + column.map(Target.Column::name).orElse(name) + "\"",
                        "Give each field a column of its own under columns:.");
                continue;
            }
            fields.put(name, column);
            column.ifPresent(columns::add);
        }
        return new Mapping(fields, columns);
    }

    private static Optional<Target.Column> column(String name, StepDefinition.Load step, Target target) {
        if (step.columns().containsKey(name)) {
            return target.column(step.columns().get(name));
        }
        boolean positional = !step.dialect().header() && name.matches("\\d{1,4}");
        if (positional && step.columns().isEmpty()) {
            int position = Integer.parseInt(name);
            return position <= target.columns().size()
                    ? Optional.of(target.columns().get(position - 1))
                    : Optional.empty();
        }
        return target.column(name);
    }

    /** Which fields of a CSV record go into a column, counted from 0, in the order of {@link #columns}. */
    public int[] positions() {
        List<Optional<Target.Column>> all = List.copyOf(fields.values());
        return IntStream.range(0, all.size())
                .filter(field -> all.get(field).isPresent())
                .toArray();
    }

    /** The names of the columns that the file fills. */
    public List<String> names() {
        return columns.stream().map(Target.Column::name).toList();
    }
}
