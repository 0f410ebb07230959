package io.nightshift.cli;

import io.nightshift.cli.terminal.Figures;
import io.nightshift.cli.terminal.Json;
import io.nightshift.cli.terminal.Table;
import io.nightshift.content.Home;
import io.nightshift.problem.ExitCode;
import io.nightshift.run.plan.Forecast;
import io.nightshift.run.plan.Planner;
import io.nightshift.run.plan.Planner.JobPlan;
import io.nightshift.run.work.StartRequest;
import io.nightshift.step.StepPlan;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "plan",
        description = "Shows what a job would do: rows, chunks, order, and what each step needs. Changes nothing.")
final class PlanCommand implements Callable<Integer> {

    private final Invocation invocation;

    @Parameters(index = "0", paramLabel = "JOB", description = "The name of a file in jobs/, without its ending.")
    private String job = "";

    @Parameters(index = "1..*", paramLabel = "name=value", description = "The job's parameters, as for run.")
    private List<String> arguments = new ArrayList<>();

    @Option(
            names = "--keys-from",
            paramLabel = "FILE",
            description = "Only the keys that are listed there, as for run.")
    private Optional<Path> keysFrom = Optional.empty();

    PlanCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        Home home = invocation.home();
        StartRequest request = new StartRequest(
                job,
                Arguments.read(job, arguments),
                false,
                Optional.empty(),
                invocation.directory(),
                Optional.empty(),
                invocation.who(),
                keysFrom.map(KeysFile::read));
        JobPlan plan = invocation.looking(home, database -> new Planner(home, database).plan(request));
        invocation.answer(() -> document(plan), () -> text(plan));
        return ExitCode.DONE.code();
    }

    private static Map<String, Object> document(JobPlan plan) {
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

    private static String time(JobPlan plan, StepPlan step) {
        Forecast forecast = plan.forecasts().get(step.name());
        return forecast == null ? "?" : ForecastAnswer.range(forecast);
    }

    private static String text(JobPlan plan) {
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
                    time(plan, step));
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
}
