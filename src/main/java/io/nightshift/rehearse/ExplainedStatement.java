package io.nightshift.rehearse;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A statement that was executed under EXPLAIN (ANALYZE, BUFFERS, WAL).
 *
 * @param tag      what it says it is: the id of the statement, or what it is asked for
 * @param rows     that it touched; of a query, that it returned
 * @param seconds  that PostgreSQL executed
 * @param walBytes that its plan wrote; what its triggers wrote behind it is not among them
 * @param plan     one line per node
 * @param triggers that it fired
 * @param scans    tables that were read from one end to the other
 */
public record ExplainedStatement(
        String tag,
        long rows,
        double seconds,
        long walBytes,
        List<String> plan,
        List<Trigger> triggers,
        List<Scan> scans) {

    private static final JsonMapper JSON = JsonMapper.shared();

    /** How often a trigger was fired; a foreign key fires one, too. */
    public record Trigger(String name, String table, long calls, double seconds) {}

    /** @param rows that were looked at */
    public record Scan(String table, long rows) {}

    /** Reads what PostgreSQL answered in JSON. */
    static ExplainedStatement of(String tag, String json) {
        JsonNode all = JSON.readTree(json).get(0);
        JsonNode top = all.get("Plan");
        List<String> plan = new ArrayList<>();
        List<Scan> scans = new ArrayList<>();
        walk(top, 0, plan, scans);
        List<Trigger> triggers = new ArrayList<>();
        for (JsonNode trigger : all.path("Triggers")) {
            String name = trigger.path("Constraint Name")
                    .asString(trigger.path("Trigger Name").asString(""));
            triggers.add(new Trigger(
                    name,
                    trigger.path("Relation").asString(""),
                    Math.round(trigger.path("Calls").asDouble(0)),
                    trigger.path("Time").asDouble(0) / 1000));
        }
        return new ExplainedStatement(
                tag,
                touched(top),
                all.path("Execution Time").asDouble(0) / 1000,
                top.path("WAL Bytes").asLong(0),
                plan,
                triggers,
                scans);
    }

    /** The table that is changed, as PostgreSQL quotes it: {@code public.posts}; empty where none is. */
    public static Optional<String> changes(String json) {
        JsonNode top = JSON.readTree(json).get(0).get("Plan");
        return top.path("Node Type").asString("").equals("ModifyTable")
                ? Optional.of(quoted(top.path("Schema")) + "." + quoted(top.path("Relation Name")))
                : Optional.empty();
    }

    private static String quoted(JsonNode name) {
        String text = name.asString("");
        return text.matches("[a-z_][a-z0-9_]*") ? text : '"' + text.replace("\"", "\"\"") + '"';
    }

    /** A node that changes a table counts no rows of its own unless it returns them: those that reached it count. */
    private static long touched(JsonNode top) {
        if (!top.path("Node Type").asString("").equals("ModifyTable")) {
            return rows(top);
        }
        if (top.has("Tuples Inserted")) {
            boolean updates = top.path("Conflict Resolution").asString("").equals("UPDATE");
            return Math.round(top.get("Tuples Inserted").asDouble(0)
                    + (updates ? top.path("Conflicting Tuples").asDouble(0) : 0));
        }
        long reached = 0;
        for (JsonNode child : top.path("Plans")) {
            if (!child.path("Parent Relationship").asString("").equals("InitPlan")) {
                reached += rows(child);
            }
        }
        return reached;
    }

    private static long rows(JsonNode node) {
        return Math.round(
                node.path("Actual Rows").asDouble(0) * node.path("Actual Loops").asDouble(1));
    }

    private static void walk(JsonNode node, int depth, List<String> plan, List<Scan> scans) {
        plan.add(line(node, depth));
        String type = node.path("Node Type").asString("");
        if (type.equals("Seq Scan") || type.equals("Sample Scan")) {
            double looked = node.path("Actual Rows").asDouble(0)
                    + node.path("Rows Removed by Filter").asDouble(0);
            scans.add(new Scan(
                    node.path("Relation Name").asString(""),
                    Math.round(looked * node.path("Actual Loops").asDouble(1))));
        }
        for (JsonNode child : node.path("Plans")) {
            walk(child, depth + 1, plan, scans);
        }
    }

    private static String line(JsonNode node, int depth) {
        StringBuilder line = new StringBuilder("  ".repeat(depth))
                .append(node.path("Node Type").asString(""));
        if (node.has("Operation")) {
            line.append(" (").append(node.get("Operation").asString("")).append(')');
        }
        if (node.has("Index Name")) {
            line.append(" using ").append(node.get("Index Name").asString(""));
        }
        if (node.has("Relation Name")) {
            line.append(" on ").append(node.get("Relation Name").asString(""));
        }
        return line.append(String.format(
                        Locale.ROOT,
                        ": %,d rows, %.1f ms, %,d pages hit, %,d read",
                        rows(node),
                        node.path("Actual Total Time").asDouble(0)
                                * node.path("Actual Loops").asDouble(1),
                        node.path("Shared Hit Blocks").asLong(0),
                        node.path("Shared Read Blocks").asLong(0)))
                .toString();
    }
}
