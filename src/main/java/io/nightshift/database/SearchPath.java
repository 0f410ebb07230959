package io.nightshift.database;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The schemas in which the user's tables are looked for, in PostgreSQL's own notation: {@code sales, "Old Data"}. */
record SearchPath(List<String> schemas) {

    private static final Pattern NAME = Pattern.compile("\\s*(?:\"((?:[^\"]|\"\")+)\"|([^\\s\",]+))\\s*(,|$)");

    static SearchPath of(String text) {
        List<String> schemas = new ArrayList<>();
        Matcher name = NAME.matcher(text);
        int at = 0;
        boolean more = true;
        while (more) {
            if (!name.find(at) || name.start() != at) {
                throw new IllegalArgumentException(
                        "search-path \"%s\" is not a list of schemas such as: sales, public".formatted(text));
            }
            // An unquoted name is folded, as the server does.
            schemas.add(
                    name.group(1) == null
                            ? name.group(2).toLowerCase(Locale.ROOT)
                            : name.group(1).replace("\"\"", "\""));
            at = name.end();
            more = name.group(3).equals(",");
        }
        return new SearchPath(List.copyOf(schemas));
    }

    String first() {
        return schemas.get(0);
    }

    /** Every name quoted, as the server's setting takes it. */
    String quoted() {
        return schemas.stream()
                .map(schema -> '"' + schema.replace("\"", "\"\"") + '"')
                .collect(Collectors.joining(", "));
    }
}
