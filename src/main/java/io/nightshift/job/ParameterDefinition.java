package io.nightshift.job;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * One parameter of a job, as declared.
 *
 * @param name         kebab-case, as typed on the command line
 * @param type         of the value, or of each element of a list
 * @param list         whether it is a list, bound as an array
 * @param required     whether a run without it is refused
 * @param defaultValue as written; a list's elements in order
 * @param values       the allowed texts of an enum; empty for other types
 * @param help         one line for people
 * @param where        file and line of the declaration
 */
public record ParameterDefinition(
        String name,
        Type type,
        boolean list,
        boolean required,
        Optional<List<String>> defaultValue,
        List<String> values,
        String help,
        String where) {

    /** The types, each with the PostgreSQL type that it is bound as. */
    public enum Type {
        INTEGER("int8"),
        DECIMAL("numeric"),
        TEXT("text"),
        BOOLEAN("bool"),
        DATE("date"),
        TIMESTAMP("timestamptz"),
        DURATION("interval"),
        PATH("text"),
        ENUM("text");

        private final String sqlType;

        Type(String sqlType) {
            this.sqlType = sqlType;
        }

        /** PostgreSQL's name of the type. */
        public String sqlType() {
            return sqlType;
        }

        /** As written in YAML. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The name as statements write it: {@code minimum-length} is {@code minimumLength}. */
    public String sqlName() {
        StringBuilder result = new StringBuilder();
        boolean upper = false;
        for (char c : name.toCharArray()) {
            // No name has an underscore; one that is written with it is told so, and its statements are not.
            if (c == '-' || c == '_') {
                upper = true;
            } else {
                result.append(upper ? Character.toUpperCase(c) : c);
                upper = false;
            }
        }
        return result.toString();
    }

    /** PostgreSQL's name of the type it is bound as, with {@code []} for lists. */
    public String sqlType() {
        return list ? type.sqlType() + "[]" : type.sqlType();
    }
}
