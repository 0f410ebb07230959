package io.nightshift.step.report;

import io.nightshift.job.ReportOutput;
import io.nightshift.job.StepDefinition;
import io.nightshift.problem.Choices;
import io.nightshift.problem.ExitCode;
import io.nightshift.problem.Problems;
import java.util.ArrayList;
import java.util.List;

/** Holds the columns that a chart names against those that the report returns. */
record ChartColumns(StepDefinition.Report step, ReportOutput.Chart chart) {

    /** Adds a problem for every column that is not there, and for every series that is no numbers. */
    void check(List<ReportTable.Column> columns, Problems problems) {
        known(columns, problems);
        for (ReportTable.Column column : columns) {
            if (chart.y().contains(column.name()) && !column.number()) {
                problems.add(
                        where(),
                        "the column \"" + column.name() + "\" holds no numbers, and y draws numbers",
                        "Name another column, or cast it in " + step.select().orElse("select") + ".");
            }
        }
    }

    /**
     * A chart of a column that is not there is a mistake also on a day without rows.
     *
     * @throws io.nightshift.problem.ProblemException naming each
     */
    void refuseUnknown(List<ReportTable.Column> columns) {
        Problems problems = new Problems();
        known(columns, problems);
        problems.throwIfAny(ExitCode.FAILED);
    }

    private void known(List<ReportTable.Column> columns, Problems problems) {
        List<String> names = columns.stream().map(ReportTable.Column::name).toList();
        List<String> named = new ArrayList<>(List.of(chart.x()));
        named.addAll(chart.y());
        for (String name : named) {
            if (!names.contains(name)) {
                problems.add(where(), "the report has no column \"" + name + "\"", new Choices(names).advice(name));
            }
        }
    }

    private String where() {
        return step.where() + ".output.chart";
    }
}
