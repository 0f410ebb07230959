package io.nightshift.sql;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A key column, and how statements that wrap the keys as {@code q} write it.
 *
 * @param name as PostgreSQL reports it, unquoted
 * @param type as the driver knows it and a cast may name it: {@code int8}, {@code "shop"."colour"}
 */
public record KeyColumn(String name, String type) {

    private static final Pattern UNDERSCORE = Pattern.compile("_+([a-z0-9])");

    String quoted() {
        return "q.\"" + name.replace("\"", "\"\"") + '"';
    }

    String text() {
        return quoted() + "::text";
    }

    String placeholder() {
        return "?::" + castType();
    }

    /** The type as a cast names it. */
    public String castType() {
        // Quoted, because the bare keywords char and bit mean char(1) and bit(1).
        return type.startsWith("\"") ? type : '"' + type + '"';
    }

    /** What statements call the keys of this column if there are several: {@code team_id} is {@code teamId}. */
    String camelCase() {
        return UNDERSCORE.matcher(name).replaceAll(match -> match.group(1).toUpperCase(Locale.ROOT));
    }
}
