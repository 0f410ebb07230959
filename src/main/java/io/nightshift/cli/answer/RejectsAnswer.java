package io.nightshift.cli.answer;

import io.nightshift.cli.terminal.Figures;
import io.nightshift.cli.terminal.Json;
import io.nightshift.run.history.RejectHistory.Cause;
import io.nightshift.run.history.RejectHistory.Group;
import io.nightshift.run.history.RejectHistory.Reject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Rejected rows, grouped by cause.
 *
 * @param groups those that are open
 * @param states how many there are in each state
 */
public record RejectsAnswer(long run, List<Group> groups, Map<String, Long> states) {

    /** {@code users: 3 x 23514 users_email_check (a rule in words), first at users.csv:17: the server's message}. */
    static String line(Group group) {
        Reject first = group.first().get(0);
        return "%s: %s x %s, first at %s: %s"
                .formatted(
                        group.step(),
                        Figures.count(group.count()),
                        cause(group.cause()),
                        first.place(),
                        oneLine(first.message()));
    }

    private static String cause(Cause cause) {
        String name =
                cause.constraint().or(cause::column).map(some -> " " + some).orElse("");
        return cause.sqlstate()
                + name
                + cause.reason().map(rule -> " (" + rule + ")").orElse("");
    }

    private static String oneLine(String message) {
        return message.lines().map(String::strip).collect(Collectors.joining("; "));
    }

    public Map<String, Object> document() {
        return Json.document("run", run, "states", states, "groups", objects(groups));
    }

    /** The groups as objects of a document. */
    public static List<Map<String, Object>> objects(List<Group> groups) {
        return Json.list(groups, RejectsAnswer::group);
    }

    private static Map<String, Object> group(Group group) {
        return Json.object(
                "job", group.job(),
                "step", group.step(),
                "count", group.count(),
                "sqlstate", group.cause().sqlstate(),
                "constraint", group.cause().constraint(),
                "column", group.cause().column(),
                "reason", group.cause().reason(),
                "first", Json.list(group.first(), RejectsAnswer::reject));
    }

    private static Map<String, Object> reject(Reject reject) {
        return Json.object(
                "id", reject.id(),
                "run", reject.run(),
                "place", reject.place().toString(),
                "message", reject.message(),
                "raw", Json.text(reject.raw()),
                "state", reject.state());
    }

    public String text() {
        if (states.values().stream().allMatch(count -> count == 0)) {
            return "Run " + run + " has rejected nothing.";
        }
        List<String> lines = new ArrayList<>();
        if (groups.isEmpty()) {
            lines.add("Run " + run + " has no open rejects.");
        } else {
            lines.add(text(groups));
            lines.add("When their cause is mended: nightshift rejects " + run + " --replay");
        }
        long replayed = states.getOrDefault("replayed", 0L);
        long dismissed = states.getOrDefault("dismissed", 0L);
        if (replayed + dismissed > 0) {
            lines.add("Replayed: %s, dismissed: %s.".formatted(Figures.count(replayed), Figures.count(dismissed)));
        }
        return String.join(System.lineSeparator(), lines);
    }

    /** Every group as a paragraph. */
    public static String text(List<Group> groups) {
        return groups.stream().map(RejectsAnswer::paragraph).collect(Collectors.joining(System.lineSeparator()));
    }

    private static String paragraph(Group group) {
        String examples = group.first().stream()
                .map(reject -> "    " + reject.place() + ": " + oneLine(reject.message()))
                .collect(Collectors.joining(System.lineSeparator()));
        String more = group.count() > group.first().size()
                ? System.lineSeparator() + "    and "
                        + Figures.count(group.count() - group.first().size()) + " more"
                : "";
        return "%s of %s: %s x %s%n%s%s"
                .formatted(
                        group.step(), group.job(), Figures.count(group.count()), cause(group.cause()), examples, more);
    }
}
