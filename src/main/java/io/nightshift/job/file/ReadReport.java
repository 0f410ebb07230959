package io.nightshift.job.file;

import io.nightshift.job.ReportOutput;
import io.nightshift.job.ReportOutput.Chart;
import io.nightshift.job.StepDefinition.Report;
import io.nightshift.job.Window;
import io.nightshift.job.yaml.Section;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/** Reads a report. */
final class ReadReport {

    private final Section step;

    ReadReport(Section step) {
        this.step = step;
    }

    Report read() {
        Optional<String> refresh = step.read("refresh", Values::statement);
        Optional<String> select = step.read("select", Values::statement);
        if (!step.has("refresh") && !step.has("select")) {
            step.problem(
                    "select", "the report does nothing.", "Add refresh: <statement>, select: <statement>, or both.");
        }
        return new Report(
                ReadSteps.name(step, select.or(() -> refresh).orElse("")),
                step.place().text(),
                window(),
                refresh,
                select,
                output());
    }

    private Optional<Window> window() {
        Optional<Window.Unit> unit = step.read("window", Values.oneOf(Window.Unit.class));
        Optional<LocalDate> from = step.read("from", Values::date);
        Optional<LocalDate> to = step.read("to", Values::date);
        Window window = new Window(
                unit.orElse(Window.Unit.DAY),
                step.read("zone", Values::zone).orElse(ZoneOffset.UTC),
                step.read("windows", Values.whole(1, 100_000)).orElse(1),
                from,
                to);
        if (!step.has("window")) {
            refuseWithoutWindow();
        }
        if (step.has("to") && !step.has("from")) {
            step.problem("to", "there is an end and no beginning.", "Add from: <day>.");
        }
        if (step.has("from") && step.has("windows")) {
            step.problem("windows", "\"from\" already says where to begin.", "Keep one of the two.");
        }
        if (from.isPresent() && to.isPresent() && !from.get().isBefore(to.get())) {
            step.problem(
                    "to", "it is not after \"from\"; the day itself no longer belongs to it.", "Name a later day.");
        }
        return unit.map(found -> window);
    }

    private void refuseWithoutWindow() {
        if (step.has("refresh")) {
            step.problem("refresh", "rebuilds windows of time, and there is none.", "Add window: day, week or month.");
        }
        List.of("zone", "windows", "from", "to").stream()
                .filter(step::has)
                .forEach(key -> step.problem(
                        key, "nothing obeys this key without \"window\".", "Add window: day, week or month."));
    }

    private ReportOutput output() {
        if (step.has("output") && !step.has("select")) {
            step.problem("output", "nothing is selected that could be written.", "Add select: <statement>.");
        }
        Optional<Section> output = step.section("output", Keys.OUTPUT);
        boolean selects = step.has("select");
        return output.map(ReadReport::output)
                .orElseGet(() -> new ReportOutput(selects, false, selects, Optional.empty()));
    }

    private static ReportOutput output(Section section) {
        ReportOutput output = new ReportOutput(
                section.read("csv", Values::flag).orElse(false),
                section.read("json", Values::flag).orElse(false),
                section.read("html", Values::flag).orElse(false),
                section.section("chart", Keys.CHART).map(ReadReport::chart));
        if (!output.csv() && !output.json() && !output.html()) {
            section.problem("csv", "no file would be written.", "Say csv, json or html: true, or leave output out.");
        }
        if (section.has("chart") && !output.html()) {
            section.problem("chart", "a chart needs its page.", "Add html: true.");
        }
        return output;
    }

    private static Chart chart(Section section) {
        List<String> y = section.list("y", Values::someText);
        if (!section.has("y")) {
            section.problem("y", "needs the key \"y\".", "Add y: <column>, or a list of columns.");
        }
        return new Chart(
                section.read("kind", Values.oneOf(Chart.Kind.class)).orElse(Chart.Kind.LINE),
                section.required("x", Values::someText, ""),
                y);
    }
}
