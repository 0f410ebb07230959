package io.nightshift.step.load.write;

import java.sql.SQLException;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postgresql.util.PSQLException;

/** Reads from the context of a failed COPY the line it stood at. */
final class CopyLine {

    private CopyLine() {}

    /**
     * The line, counted from 1, when the failure is about one. The words are in the server's language, the number is not.
     *
     * @param relation the table that is copied into, without its schema
     */
    static OptionalInt of(SQLException failure, String relation) {
        if (!(failure instanceof PSQLException psql)
                || psql.getServerErrorMessage() == null
                || psql.getServerErrorMessage().getWhere() == null) {
            return OptionalInt.empty();
        }
        // Two languages put the table first: Japanese and Korean.
        String table = Pattern.quote(relation);
        Matcher line = Pattern.compile(
                        "^(?:COPY " + table + "|" + table + "のCOPY|" + table + " 복사)[,、]\\D*?(\\d+)", Pattern.MULTILINE)
                .matcher(psql.getServerErrorMessage().getWhere());
        return line.find() ? OptionalInt.of(Integer.parseInt(line.group(1))) : OptionalInt.empty();
    }
}
