package io.nightshift.cli.answer;

import io.nightshift.cli.terminal.Figures;
import io.nightshift.cli.terminal.Json;
import io.nightshift.cli.terminal.Table;
import io.nightshift.run.plan.Forecast;
import io.nightshift.run.plan.Planner.JobPlan;
import io.nightshift.step.StepPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a job would do now. */
public record PlanAnswer(JobPlan plan) {

    public Map<String, Object> document() {
        return Json.document(
                "job", plan.job(),
                "parameters", plan.parameters().values(),
                "steps",
                        Json.list(
                                plan.steps(),
                                step -> step(step, plan.forecasts().get(step.name()))),
                "refusals", plan.broken(),
                "forecast", ForecastAnswer.object(plan.whole()));
    }

    private static Map<String, Object> step(StepPlan step, @Nullable Forecast forecast) {
        return Json.object(
                "name", step.name(),
                "kind", step.kind(),
                "rows", step.rows() < 0 ? Optional.empty() : Optional.of(step.rows()),
                "estimate", step.estimate(),
                "chunks", step.chunks() < 0 ? Optional.empty() : Optional.of(step.chunks()),
                "order", step.order(),
                "notes", step.notes(),
                "forecast", ForecastAnswer.object(Optional.ofNullable(forecast)));
    }

    public String text() {
        List<String> lines = new ArrayList<>();
        lines.add("Job " + plan.job() + " would do this now; nothing was changed.");
        Table table = new Table("step", "kind", "rows", "chunks", "order", "time");
        for (StepPlan step : plan.steps()) {
            table.row(
                    step.name(),
                    step.kind(),
                    step.rows() < 0 ? "?" : (step.estimate() ? "about " : "") + Figures.count(step.rows()),
                    step.chunks() < 0 ? "?" : Figures.count(step.chunks()),
                    String.join(", ", step.order()),
                    time(step));
        }
        lines.add(table.text());
        plan.steps().forEach(step -> step.notes().forEach(note -> lines.add("  " + step.name() + ": " + note)));
        plan.broken().forEach(problem -> lines.add(problem.text()));
        plan.forecasts().forEach((step, forecast) -> lines.add("  " + step + ": " + forecast.ground()));
        lines.add(plan.whole()
                .map(whole -> "Started now, it would end in " + ForecastAnswer.range(whole) + ".")
                .orElse("When it would end is not known: no earlier run is like it."));
        return String.join(System.lineSeparator(), lines);
    }

    private String time(StepPlan step) {
        Forecast forecast = plan.forecasts().get(step.name());
        return forecast == null ? "?" : ForecastAnswer.range(forecast);
    }
}
