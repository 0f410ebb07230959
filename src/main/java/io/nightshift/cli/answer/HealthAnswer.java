package io.nightshift.cli.answer;

import io.nightshift.cli.terminal.Figures;
import io.nightshift.cli.terminal.Json;
import io.nightshift.database.Database;
import io.nightshift.health.Brake;
import io.nightshift.health.RunHealth;
import io.nightshift.health.RunHealth.Standing;
import io.nightshift.health.Tuning;
import io.nightshift.run.history.History.Run;
import io.nightshift.run.history.History.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whether everything is held, why single runs wait, and what was changed on them. */
public record HealthAnswer(Optional<HeldAnswer> brake, Map<Long, Standing> runs) {

    static final HealthAnswer NOTHING = new HealthAnswer(Optional.empty(), Map.of());

    public static HealthAnswer of(Database database) {
        RunHealth health = new RunHealth(database);
        return health.known()
                ? new HealthAnswer(new Brake(database).standing().map(HeldAnswer::new), health.all())
                : NOTHING;
    }

    /** Of a run that nobody is at, only what was changed on it is still true. */
    private Standing standing(Run run) {
        Standing written = runs.getOrDefault(run.run(), Standing.NOTHING);
        return run.state() == State.RUNNING
                ? written
                : new Standing(Optional.empty(), List.of(), List.of(), written.tuning());
    }

    /** What was changed on a run. */
    public Tuning tuning(long run) {
        return runs.getOrDefault(run, Standing.NOTHING).tuning();
    }

    /** The brake, or null. */
    Optional<Map<String, Object>> document() {
        return brake.map(HeldAnswer::object);
    }

    /** Adds what there is to say of a run. */
    void add(Run run, Map<String, Object> document) {
        Standing standing = standing(run);
        document.put(
                "waiting",
                standing.waitingSince().map(since -> Json.object("since", since, "reasons", standing.reasons())));
        document.put("unseen", standing.unseen());
        document.put("tuning", object(standing.tuning()));
    }

    public static Map<String, Object> object(Tuning tuning) {
        return Json.object(
                "connections",
                tuning.connections(),
                "rate",
                tuning.rate(),
                "targetSeconds",
                tuning.targetDuration().map(target -> Json.seconds(target.toMillis() / 1000.0)));
    }

    /** A line for each thing to say of a run, indented below its own. */
    String text(Run run) {
        Standing standing = standing(run);
        StringBuilder text = new StringBuilder();
        standing.waitingSince()
                .ifPresent(since -> text.append("%n  waits for %s: %s"
                        .formatted(Figures.between(since, Optional.empty()), String.join("; ", standing.reasons()))));
        standing.unseen().forEach(signal -> text.append("%n  not seen: %s".formatted(signal)));
        String changed = words(standing.tuning());
        return changed.isEmpty()
                ? text.toString()
                : text.append("%n  tuned: %s".formatted(changed)).toString();
    }

    /** {@code 1 connection, 5,000 rows/s, chunks of 50 ms}; empty when nothing was changed. */
    public static String words(Tuning tuning) {
        List<String> words = new ArrayList<>();
        tuning.connections().ifPresent(count -> words.add(Figures.count(count, "connection")));
        tuning.rate().ifPresent(rate -> words.add(rate == 0 ? "as fast as possible" : Figures.count(rate) + " rows/s"));
        tuning.targetDuration().ifPresent(target -> words.add(target(target)));
        return String.join(", ", words);
    }

    private static String target(Duration target) {
        return target.isZero() ? "chunks as large as they are" : "chunks of " + target.toMillis() + " ms";
    }
}
