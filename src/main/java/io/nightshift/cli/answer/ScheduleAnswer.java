package io.nightshift.cli.answer;

import io.nightshift.cli.terminal.Json;
import io.nightshift.cli.terminal.Table;
import io.nightshift.schedule.FireRow;
import io.nightshift.schedule.NextFire;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * When jobs run next, and what became of the last times.
 *
 * @param last    the newest slot of every job
 * @param recent  the newest slots of all jobs
 * @param servers the processes that serve the schedules now
 */
public record ScheduleAnswer(List<NextFire> next, List<FireRow> last, List<FireRow> recent, List<String> servers) {

    private static final DateTimeFormatter MINUTE = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm");

    public Map<String, Object> document() {
        return Json.document(
                "servers", servers,
                "next",
                        Json.list(
                                next,
                                fire -> Json.object(
                                        "job", fire.job(),
                                        "cron", fire.cron(),
                                        "zone", fire.zone().getId(),
                                        "slot", fire.slot(),
                                        "local",
                                                fire.slot()
                                                        .atZone(fire.zone())
                                                        .toOffsetDateTime()
                                                        .toString())),
                "last", Json.list(last, ScheduleAnswer::object),
                "recent", Json.list(recent, ScheduleAnswer::object));
    }

    private static Map<String, Object> object(FireRow fire) {
        return Json.object(
                "job", fire.job(),
                "slot", fire.slot(),
                "status", fire.state(),
                "run", fire.run().isPresent() ? Optional.of(fire.run().getAsLong()) : Optional.empty(),
                "node", fire.node(),
                "reason", fire.reason(),
                "recordedAt", fire.recordedAt());
    }

    public String text() {
        List<String> parts = new ArrayList<>();
        parts.add(next.isEmpty() ? "No job has a schedule." : nextTimes());
        if (!recent.isEmpty()) {
            parts.add(pastTimes());
        }
        if (!next.isEmpty()) {
            parts.add(
                    servers.isEmpty()
                            ? "No server is there; start one with: nightshift serve"
                            : "Served by " + String.join(", ", servers) + ".");
        }
        return String.join(System.lineSeparator().repeat(2), parts);
    }

    private String nextTimes() {
        Table table = new Table("next", "zone", "UTC", "job", "cron", "last time (UTC)", "status");
        for (NextFire fire : next) {
            Optional<FireRow> before =
                    last.stream().filter(row -> row.job().equals(fire.job())).findFirst();
            table.row(
                    minute(fire.slot(), fire.zone()),
                    fire.zone().getId(),
                    minute(fire.slot(), ZoneOffset.UTC),
                    fire.job(),
                    fire.cron(),
                    before.map(row -> minute(row.slot(), ZoneOffset.UTC)).orElse("never"),
                    before.map(row -> row.state().name()).orElse(""));
        }
        return table.text();
    }

    private String pastTimes() {
        Table table = new Table("time (UTC)", "job", "status", "run", "reason");
        for (FireRow fire : recent) {
            table.row(
                    minute(fire.slot(), ZoneOffset.UTC),
                    fire.job(),
                    fire.state(),
                    run(fire.run()),
                    fire.reason().orElse(""));
        }
        return table.text();
    }

    private static String run(OptionalLong run) {
        return run.isPresent() ? Long.toString(run.getAsLong()) : "";
    }

    private static String minute(Instant slot, ZoneId zone) {
        return MINUTE.format(slot.atZone(zone));
    }
}
