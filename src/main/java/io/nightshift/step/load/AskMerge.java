package io.nightshift.step.load;

import io.nightshift.sql.BoundSql;
import io.nightshift.sql.SqlValue;
import io.nightshift.step.AskPostgres;
import io.nightshift.step.load.table.Target;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Lets PostgreSQL read a merge statement although the temporary table {@code loaded} is not there: a READ ONLY session
 * cannot make it. A WITH of the same name and columns stands in for it.
 */
record AskMerge(AskPostgres postgres, Target target) {

    private static final Pattern BEGIN =
            Pattern.compile("(?is)^((?:\\s|/\\*.*?\\*/|--[^\\n]*\\n)*)(WITH\\s+RECURSIVE\\b|WITH\\b)?");

    void about(String merge) {
        SqlValue columns = SqlValue.array("text", target.names());
        postgres.bound(merge, Map.of("columns", columns)).ifPresent(bound -> {
            if (bound.sql().matches("(?is).*\\bpg_temp\\s*\\.\\s*loaded\\b.*")) {
                postgres.unexplained(merge, "the temporary table pg_temp.loaded, which only a running load has");
            } else {
                postgres.read(merge, new BoundSql(withLoaded(bound.sql()), bound.values()));
            }
        });
    }

    private String withLoaded(String sql) {
        String loaded = "loaded AS (\n  SELECT "
                + target.columns().stream()
                        .map(column -> "NULL::" + column.type() + " AS " + column.quoted())
                        .collect(Collectors.joining(", "))
                + ", NULL::bigint AS record\n)";
        Matcher begin = BEGIN.matcher(sql);
        begin.find();
        String with = begin.group(2) == null ? "WITH " + loaded + "\n" : begin.group(2) + " " + loaded + ",";
        return begin.group(1) + with + sql.substring(begin.end());
    }
}
