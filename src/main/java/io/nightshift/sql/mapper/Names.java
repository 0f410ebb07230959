package io.nightshift.sql.mapper;

import java.util.regex.Pattern;

/** How things in a mapper may be called. */
final class Names {

    /** What a value is called: {@code minimumLength}, {@code keys}, {@code keys.teamId}. */
    static final String PATTERN = "[A-Za-z][A-Za-z0-9_]*(?:\\.[A-Za-z][A-Za-z0-9_]*)?";

    private static final Pattern VALUE = Pattern.compile(PATTERN);
    private static final Pattern WORD = Pattern.compile("[A-Za-z][A-Za-z0-9_]*");

    private Names() {}

    static boolean isValue(String name) {
        return VALUE.matcher(name).matches();
    }

    /** A statement's own name, a foreach's item. */
    static boolean isWord(String name) {
        return WORD.matcher(name).matches();
    }

    /** A table, or a schema and a table. */
    static boolean isNamespace(String name) {
        return isValue(name);
    }
}
