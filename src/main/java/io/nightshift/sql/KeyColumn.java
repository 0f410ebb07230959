package io.nightshift.sql;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A key column, and how statements that wrap the keys as {@code q} write it.
 *
 * @param name as PostgreSQL reports it, unquoted
 * @param type as the driver knows it and a cast may name it: {@code int8}, {@code "shop"."colour"}
 */
public record KeyColumn(String name, String type) {

    /** Types whose text in an array is that of a cast; a boolean, for example, is t there and true here. */
    private static final Set<String> WRITTEN_AS_CAST = Set.of("int2", "int4", "int8", "uuid", "text");

    /** What a mapper can write behind {@code #{keys.}; a quoted column may be called anything. */
    private static final Pattern WRITABLE = Pattern.compile("[A-Za-z][A-Za-z0-9_]*");

    private static final Pattern UNDERSCORE = Pattern.compile("_+([a-z0-9])");

    String quoted() {
        return "q.\"" + name.replace("\"", "\"\"") + '"';
    }

    String text() {
        return quoted() + "::text";
    }

    /** As an element of an array: what is written of it is then what {@link #text} gives. */
    String element() {
        return WRITTEN_AS_CAST.contains(type) ? quoted() : text();
    }

    String placeholder() {
        return "?::" + castType();
    }

    /** The type as a cast names it. */
    public String castType() {
        // Quoted, because the bare keywords char and bit mean char(1) and bit(1).
        return type.startsWith("\"") ? type : '"' + type + '"';
    }

    /** Whether statements can name it as it is. */
    public boolean isWritable() {
        return WRITABLE.matcher(camelCase()).matches();
    }

    /** A name that the keys query may give it, so that statements can name it: {@code Order Id} AS {@code order_id}. */
    public String alias() {
        String plain = name.replaceAll("[^A-Za-z0-9]+", "_")
                .replaceAll("^[_0-9]+|_+$", "")
                .toLowerCase(Locale.ROOT);
        return plain.isEmpty() ? "key_column" : plain;
    }

    /** What statements call the keys of this column if there are several: {@code team_id} is {@code teamId}. */
    public String camelCase() {
        return UNDERSCORE.matcher(name).replaceAll(match -> match.group(1).toUpperCase(Locale.ROOT));
    }
}
