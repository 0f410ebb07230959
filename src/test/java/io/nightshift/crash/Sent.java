package io.nightshift.crash;

import java.util.regex.Pattern;

/**
 * A statement on its way from the program to the server.
 *
 * @param place   in which kind of transaction
 * @param ordinal its number behind the fencing token, counted from 1; 0 for the token and outside of chunks
 */
record Sent(WireSession session, String sql, Place place, int ordinal) {

    /** What the transaction of a statement is there for, as far as its statements have told. */
    enum Place {
        /** No fencing token was read. */
        OUTSIDE,
        /** The token itself, or a transaction in which nothing has followed it yet. */
        ENTERED,
        /** A step is opened: its range and files are frozen. */
        OPENING,
        /** A chunk in which there was nothing left to do. */
        EMPTY,
        CHUNK
    }

    private static final Pattern FENCE =
            Pattern.compile("\\bFROM \\S*fence\\s+WHERE run = \\S+\\s+FOR SHARE", Pattern.CASE_INSENSITIVE);

    private static final Pattern OPENS = Pattern.compile("(?s)^SELECT coalesce\\(sum\\(read\\).*\\bledger\\b.*");

    static boolean readsToken(String sql) {
        return FENCE.matcher(sql).find();
    }

    static boolean ends(String sql) {
        return sql.equalsIgnoreCase("COMMIT") || sql.equalsIgnoreCase("ROLLBACK");
    }

    /** What the first statement behind the token says about the transaction; a savepoint says nothing. */
    static Place told(String sql) {
        if (sql.startsWith("SAVEPOINT")) {
            return Place.ENTERED;
        }
        if (OPENS.matcher(sql).matches()) {
            return Place.OPENING;
        }
        return sql.contains("batch_") || ends(sql) ? Place.EMPTY : Place.CHUNK;
    }

    boolean is(String beginning) {
        return sql.startsWith(beginning);
    }

    boolean commitsChunk() {
        return place == Place.CHUNK && sql.equalsIgnoreCase("COMMIT");
    }
}
