package io.nightshift.chunk;

import java.sql.SQLException;

/** What an SQLSTATE says about who is to blame. */
final class SqlState {

    private SqlState() {}

    /**
     * Whether the data is at fault, so that taking the row out helps: data exceptions (22), integrity violations (23),
     * a row meeting the same key twice (21), a rule of a trigger or view (44, P0), a value too large for an index or a
     * text search vector, or nested too deeply (54).
     */
    static boolean blamesData(SQLException failure) {
        String state = String.valueOf(failure.getSQLState());
        return state.startsWith("22")
                || state.startsWith("23")
                || state.startsWith("21")
                || state.startsWith("44")
                || state.startsWith("54")
                || state.startsWith("P0");
    }
}
