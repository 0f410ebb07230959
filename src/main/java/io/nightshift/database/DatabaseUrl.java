package io.nightshift.database;

import io.nightshift.problem.Choices;
import io.nightshift.problem.ExitCode;
import io.nightshift.problem.ProblemException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/**
 * Reads the address of a database in the spellings that are in use: PostgreSQL's own, those of other languages' drivers
 * ({@code postgresql+asyncpg://}) and JDBC's.
 *
 * @param where what is read, for messages: a setting or an environment variable
 */
record DatabaseUrl(String where, String text) {

    private static final String FORM = "Write postgresql://role@host:5432/database?sslmode=verify-full";

    /** What the address says, and which of its options nothing here obeys. */
    record Parsed(Target target, List<String> ignored) {}

    Parsed parse(String defaultRole) {
        if (text.startsWith("jdbc:")) {
            return new Parsed(jdbc(defaultRole), List.of());
        }
        int scheme = text.indexOf("://");
        if (scheme < 0 || !text.substring(0, scheme).matches("postgres(ql)?(\\+\\w+)?")) {
            throw wrong("does not begin with postgresql://, postgres:// or jdbc:postgresql:.");
        }
        return uri(text.substring(scheme + 3), defaultRole);
    }

    private Parsed uri(String rest, String defaultRole) {
        int question = rest.indexOf('?');
        String options = question < 0 ? "" : rest.substring(question + 1);
        String place = question < 0 ? rest : rest.substring(0, question);
        int slash = place.indexOf('/');
        String authority = slash < 0 ? place : place.substring(0, slash);
        String path = slash < 0 ? "" : decoded(place.substring(slash + 1));
        int at = authority.lastIndexOf('@');
        String[] who = (at < 0 ? "" : authority.substring(0, at)).split(":", 2);

        UrlOptions read = new UrlOptions(this);
        Arrays.stream(options.split("&")).filter(option -> !option.isEmpty()).forEach(option -> {
            String[] pair = option.split("=", 2);
            read.add(decoded(pair[0]), pair.length < 2 ? "" : decoded(pair[1]));
        });
        String role = read.or("user", decoded(who[0]), defaultRole);
        String password = read.or("password", who.length < 2 ? "" : decoded(who[1]), "");
        return new Parsed(
                new Target(
                        hosts(read.or("host", authority.substring(at + 1), "localhost"), read.or("port", "", "5432")),
                        read.or("dbname", path, role),
                        role,
                        password.isEmpty() ? null : password,
                        read.driverProperties()),
                read.ignored());
    }

    private String hosts(String text, String defaultPort) {
        return Arrays.stream(text.split(","))
                .map(host -> host(host, defaultPort))
                .collect(Collectors.joining(","));
    }

    private String host(String text, String defaultPort) {
        boolean bare = text.indexOf(':') != text.lastIndexOf(':') && !text.startsWith("[");
        int colon = bare ? -1 : text.indexOf(':', text.indexOf(']') + 1);
        String host = decoded(colon < 0 ? text : text.substring(0, colon));
        String port = colon < 0 || colon == text.length() - 1 ? defaultPort : text.substring(colon + 1);
        if (host.startsWith("/") || host.startsWith("@")) {
            throw wrong("names a Unix socket; the driver speaks TCP only.");
        }
        if (!host.matches("[\\w.-]+|\\[[0-9a-fA-F:.%]+]|[0-9a-fA-F:.]+")) {
            throw wrong("names no host that could exist.");
        }
        if (!port.matches("\\d{1,5}") || Integer.parseInt(port) < 1 || Integer.parseInt(port) > 65535) {
            throw wrong("has the port \"%s\"; ports are numbers from 1 to 65535.".formatted(port));
        }
        return (bare ? "[" + host + "]" : host) + ":" + port;
    }

    private Target jdbc(String defaultRole) {
        Properties read = Driver.parseURL(text, new Properties());
        if (read == null) {
            throw wrong("is not an address that the JDBC driver of PostgreSQL understands.");
        }
        String[] hosts = read.getProperty("PGHOST", "localhost").split(",");
        String[] ports = read.getProperty("PGPORT", "5432").split(",");
        StringBuilder places = new StringBuilder();
        for (int i = 0; i < hosts.length; i++) {
            places.append(i == 0 ? "" : ",").append(host(hosts[i], ports[Math.min(i, ports.length - 1)]));
        }
        Map<String, String> options = new LinkedHashMap<>();
        for (String name : read.stringPropertyNames()) {
            if (!name.startsWith("PG") && !name.equals("user") && !name.equals("password")) {
                options.put(known(name), read.getProperty(name));
            }
        }
        String role = read.getProperty("user", defaultRole);
        return new Target(
                places.toString(), read.getProperty("PGDBNAME", role), role, read.getProperty("password"), options);
    }

    private String known(String name) {
        Choices choices = new Choices(
                Arrays.stream(PGProperty.values()).map(PGProperty::getName).toList());
        if (!choices.names().contains(name)) {
            throw new ProblemException(
                    ExitCode.USAGE,
                    where,
                    "has the option \"%s\", which the JDBC driver does not know.".formatted(name),
                    choices.nearest(name)
                            .map(near -> "Did you mean \"" + near + "\"?")
                            .orElse("Take it out."));
        }
        return name;
    }

    private String decoded(String part) {
        try {
            // A plus sign is a plus sign here, unlike in a web form.
            return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw wrong("has a % that is not followed by two hexadecimal digits; % itself is written %25.");
        }
    }

    /** The text itself stays out of the message: it may hold a password. */
    ProblemException wrong(String what) {
        return new ProblemException(ExitCode.USAGE, where, what, FORM);
    }

    /** The password is no part of it. */
    @Override
    public String toString() {
        return where;
    }
}
