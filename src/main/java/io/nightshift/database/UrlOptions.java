package io.nightshift.database;

import io.nightshift.problem.Choices;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The part of a database's address behind the question mark. Options of other programs' drivers are passed over, since
 * the variable is often shared; one that sounds like transport security is not: a slip there would go unnoticed.
 */
final class UrlOptions {

    private static final Set<String> MODES =
            new TreeSet<>(Set.of("disable", "allow", "prefer", "require", "verify-ca", "verify-full"));
    private static final Set<String> PLACES = Set.of("user", "password", "host", "port", "dbname");
    private static final Map<String, String> DRIVER_NAMES = Map.of(
            "sslrootcert", "sslrootcert",
            "sslcert", "sslcert",
            "sslkey", "sslkey",
            "sslpassword", "sslpassword",
            "sslnegotiation", "sslNegotiation",
            "channel_binding", "channelBinding",
            "gssencmode", "gssEncMode",
            "target_session_attrs", "targetServerType");
    private static final Map<String, String> SERVER_TYPES = Map.of(
            "any", "any",
            "read-write", "primary",
            "primary", "primary",
            "read-only", "secondary",
            "standby", "secondary",
            "prefer-standby", "preferSecondary");

    private final DatabaseUrl url;
    private final Map<String, String> places = new LinkedHashMap<>();
    private final Map<String, String> driver = new LinkedHashMap<>();
    private final List<String> ignored = new ArrayList<>();

    UrlOptions(DatabaseUrl url) {
        this.url = url;
    }

    void add(String name, String value) {
        if (PLACES.contains(name)) {
            places.put(name, value);
        } else if (name.equals("sslmode") || name.equals("ssl")) {
            driver.put("sslmode", mode(name, value));
        } else if (name.equals("sslrootcert") && value.equals("system")) {
            driver.put("sslfactory", "org.postgresql.ssl.DefaultJavaSSLFactory");
        } else if (name.equals("target_session_attrs")) {
            driver.put("targetServerType", SERVER_TYPES.getOrDefault(value, "any"));
        } else if (DRIVER_NAMES.containsKey(name)) {
            driver.put(DRIVER_NAMES.get(name), value);
        } else if (name.startsWith("ssl") || name.startsWith("gss")) {
            throw unknown(name);
        } else {
            ignored.add(name);
        }
    }

    /** An option if it is given, else what the address says in its usual place, else the default. */
    String or(String option, String usual, String otherwise) {
        String given = places.getOrDefault(option, usual);
        return given.isEmpty() ? otherwise : given;
    }

    Map<String, String> driverProperties() {
        return driver;
    }

    List<String> ignored() {
        return List.copyOf(ignored);
    }

    private String mode(String name, String value) {
        String mode = value.equalsIgnoreCase("true") ? "require" : value.equalsIgnoreCase("false") ? "disable" : value;
        if (!MODES.contains(mode)) {
            throw url.wrong("has %s=%s. Known are: %s.".formatted(name, value, String.join(", ", MODES)));
        }
        return mode;
    }

    private RuntimeException unknown(String name) {
        Set<String> known = new TreeSet<>(DRIVER_NAMES.keySet());
        known.add("sslmode");
        return url.wrong(
                "has the option \"%s\", which is not known. %s".formatted(name, new Choices(known).advice(name)));
    }
}
