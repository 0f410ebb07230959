package io.nightshift.cli.answer;

import io.nightshift.cli.terminal.Json;
import io.nightshift.prove.Finding;
import io.nightshift.run.prove.Prover.Proven;
import io.nightshift.run.prove.Prover.ProvenStep;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a proof found: first what does not hold, then step by step what does, and what nobody can see. */
public record ProveAnswer(Proven proven) {

    public Map<String, Object> document() {
        Map<String, Object> document = Json.document();
        document.putAll(object());
        return document;
    }

    /** The proof inside a document. */
    public Map<String, Object> object() {
        return Json.object(
                "run", proven.run(),
                "job", proven.job(),
                "state", proven.state(),
                "holds", proven.holds(),
                "explained", proven.explained(),
                "steps", Json.list(proven.steps(), ProveAnswer::step));
    }

    private static Map<String, Object> step(ProvenStep step) {
        return Json.object(
                "run", step.run(),
                "job", step.job(),
                "step", step.proof().step(),
                "kind", step.kind(),
                "findings", Json.list(step.proof().findings(), ProveAnswer::finding),
                "held", step.proof().held(),
                "unseen", step.proof().unseen());
    }

    private static Map<String, Object> finding(Finding finding) {
        return Json.object("where", finding.where(), "what", finding.what(), "later", finding.later());
    }

    public String text() {
        List<String> lines = new ArrayList<>();
        lines.add(verdict());
        for (ProvenStep step : proven.steps()) {
            for (Finding finding : step.proof().findings()) {
                lines.add("  %s%s: %s%s"
                        .formatted(
                                place(step),
                                finding.where(),
                                finding.what(),
                                finding.later() ? " [later writes can explain it]" : ""));
            }
        }
        for (ProvenStep step : proven.steps()) {
            lines.add(heading(step));
            step.proof().held().forEach(what -> lines.add("  holds     " + what));
            step.proof().unseen().forEach(what -> lines.add("  not seen  " + what));
        }
        return String.join(System.lineSeparator(), lines);
    }

    private String verdict() {
        long findings = proven.steps().stream()
                .mapToLong(step -> step.proof().findings().size())
                .sum();
        String run = "Run %d of %s".formatted(proven.run(), proven.job());
        if (findings == 0) {
            return run + " holds.";
        }
        return "%s does not hold in %d place%s%s:"
                .formatted(
                        run,
                        findings,
                        findings == 1 ? "" : "s",
                        proven.explained() ? "; later writes can explain " + (findings == 1 ? "it" : "them") : "");
    }

    private String place(ProvenStep step) {
        String ofChild = step.run() == proven.run() ? "" : "run %d of %s, ".formatted(step.run(), step.job());
        return ofChild + (step.kind().isEmpty() ? "" : "step " + step.proof().step() + ", ");
    }

    private static String heading(ProvenStep step) {
        return step.kind().isEmpty()
                ? "Run %d of %s".formatted(step.run(), step.job())
                : "Step %s (%s)".formatted(step.proof().step(), step.kind());
    }
}
