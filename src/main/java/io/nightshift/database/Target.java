package io.nightshift.database;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGProperty;

/**
 * A database, the role that works on it and how to get there.
 *
 * @param hosts    {@code host:port}, several separated by commas
 * @param password none where the server asks for none or the driver finds one in the user's password file
 * @param options  further connection properties of the driver
 */
record Target(String hosts, String database, String role, @Nullable String password, Map<String, String> options) {

    Target {
        options = Map.copyOf(options);
    }

    /** The driver's URL; role and password are not in it, so it can be logged. */
    String jdbcUrl() {
        return "jdbc:postgresql://" + hosts + "/"
                + URLEncoder.encode(database, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** What goes to the driver beside the URL. */
    Properties properties(SessionSettings settings, String applicationName) {
        Properties properties = new Properties();
        properties.putAll(options);
        PGProperty.USER.set(properties, role);
        if (password != null) {
            PGProperty.PASSWORD.set(properties, password);
        }
        PGProperty.APPLICATION_NAME.set(properties, applicationName);
        PGProperty.CONNECT_TIMEOUT.set(properties, seconds(settings.connectTimeout()));
        PGProperty.LOGIN_TIMEOUT.set(properties, 2 * seconds(settings.connectTimeout()));
        PGProperty.SOCKET_TIMEOUT.set(properties, seconds(settings.socketTimeout()));
        PGProperty.TCP_KEEP_ALIVE.set(properties, true);
        PGProperty.SOCKET_FACTORY.set(properties, KeepAliveSockets.class.getName());
        // Saves a round trip for each connection; what is older is refused anyway.
        PGProperty.ASSUME_MIN_SERVER_VERSION.set(properties, "14");
        // Rewritten statements would not be those that are frozen into the run.
        PGProperty.REWRITE_BATCHED_INSERTS.set(properties, false);
        return properties;
    }

    /** For people: never with the password. */
    @Override
    public String toString() {
        return hosts + "/" + database + " as " + role;
    }

    private static int seconds(Duration duration) {
        return (int) ((duration.toMillis() + 999) / 1000);
    }
}
