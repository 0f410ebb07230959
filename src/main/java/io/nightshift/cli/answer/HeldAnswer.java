package io.nightshift.cli.answer;

import io.nightshift.cli.terminal.Figures;
import io.nightshift.cli.terminal.Json;
import io.nightshift.health.Brake;
import java.util.Map;
import java.util.Optional;

/** The brake for everything, while it is on and when it is let go. */
public record HeldAnswer(Brake.Held held) {

    public Map<String, Object> object() {
        return Json.object("since", held.since(), "who", held.who(), "reason", held.reason());
    }

    /** {@code Everything is held by anna since 2026-03-01T01:30:00+01:00: the replica is being replaced.} */
    public String text() {
        return "Everything is held by %s since %s%s."
                .formatted(
                        held.who(),
                        Figures.time(held.since()),
                        held.reason().map(words -> ": " + words).orElse(""));
    }

    /** {@code Released: it was held by anna for 3 min 20 s (the replica is being replaced).} */
    public String released() {
        return "Released: it was held by %s for %s%s."
                .formatted(
                        held.who(),
                        Figures.between(held.since(), Optional.empty()),
                        held.reason().map(words -> " (" + words + ")").orElse(""));
    }
}
