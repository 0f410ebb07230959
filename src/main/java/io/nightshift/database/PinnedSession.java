package io.nightshift.database;

import io.nightshift.database.Database.Access;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What every session has, whatever the defaults of server, database and role are: one spelling of every value, an error
 * rather than fewer rows, and an end to every wait.
 *
 * <p>{@code nightshift.embedded} tells statements whether the database is our own embedded one.
 *
 * <p>It is one statement after connecting and not the {@code options} of the start-up message, since poolers refuse
 * those.
 */
record PinnedSession(SessionSettings settings, Access access, boolean embedded) {

    /**
     * Servers before version 17 do not know the first; those before 14, which are refused in words of their own, do not
     * know the second either. The session that holds the lock on the work is idle for as long as the work takes.
     */
    private static final List<String> NONE_WHERE_KNOWN = List.of("transaction_timeout", "idle_session_timeout");

    String sql() {
        Stream<String> always = values().entrySet().stream().map(value -> "set_config('%s', '%s', false)"
                .formatted(value.getKey(), value.getValue().replace("'", "''")));
        Stream<String> whereKnown = NONE_WHERE_KNOWN.stream()
                .map(name ->
                        "CASE WHEN current_setting('%1$s', true) IS NOT NULL THEN set_config('%1$s', '0', false) END"
                                .formatted(name));
        return Stream.concat(always, whereKnown).collect(Collectors.joining(", ", "SELECT ", ""));
    }

    private Map<String, String> values() {
        Map<String, String> values = new LinkedHashMap<>();
        // First: the quoting of what follows hangs on it.
        values.put("standard_conforming_strings", "on");
        values.put("TimeZone", "UTC");
        values.put("DateStyle", "ISO, YMD");
        values.put("IntervalStyle", "iso_8601");
        values.put("bytea_output", "hex");
        values.put("extra_float_digits", "1");
        values.put("search_path", SearchPath.of(settings.searchPath()).quoted());
        values.put("array_nulls", "on");
        values.put("transform_null_equals", "off");
        values.put("row_security", "off");
        values.put("default_transaction_isolation", "read committed");
        values.put("default_transaction_read_only", access == Access.READ ? "on" : "off");
        values.put("nightshift.embedded", embedded ? "on" : "off");
        values.put("statement_timeout", "0");
        values.put("lock_timeout", millis(settings.lockTimeout()));
        values.put("idle_in_transaction_session_timeout", millis(settings.idleInTransactionTimeout()));
        // What a savepoint can undo must not cost the session.
        values.put("exit_on_error", "off");
        // The server, too, notices within half a minute that we are gone, and gives our locks back.
        values.put("tcp_keepalives_idle", "10");
        values.put("tcp_keepalives_interval", "5");
        values.put("tcp_keepalives_count", "3");
        values.put("tcp_user_timeout", "30000");
        return values;
    }

    private static String millis(Duration duration) {
        return Long.toString(duration.toMillis());
    }
}
