package io.nightshift.database;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How many connections are kept and for how long.
 *
 * @param poolSize          connections of one process at most
 * @param nodes             processes that work on this database at once, for the check against max_connections
 * @param connectionTimeout how long to wait for a free connection
 * @param keepAlive         how often an idle connection is tried
 * @param maximumLifetime   after what age a connection is replaced
 * @param idleTimeout       after what time an unused connection is closed
 */
@ConfigurationProperties(prefix = "nightshift.database")
record PoolSettings(
        @DefaultValue("8") int poolSize,
        @DefaultValue("1") int nodes,
        @DefaultValue("10s") Duration connectionTimeout,
        @DefaultValue("2m") Duration keepAlive,
        @DefaultValue("30m") Duration maximumLifetime,
        @DefaultValue("10m") Duration idleTimeout) {

    PoolSettings {
        require(poolSize >= 2, "pool-size must be at least 2: a run needs one for its chunk and one for its books.");
        require(nodes >= 1, "nodes must be at least 1.");
        atLeast("connection-timeout", connectionTimeout, Duration.ofMillis(250));
        atLeast("keep-alive", keepAlive, Duration.ofSeconds(30));
        atLeast("maximum-lifetime", maximumLifetime, Duration.ofSeconds(30));
        atLeast("idle-timeout", idleTimeout, Duration.ofSeconds(10));
        require(keepAlive.compareTo(maximumLifetime) < 0, "keep-alive must be shorter than maximum-lifetime.");
    }

    private static void atLeast(String name, Duration value, Duration least) {
        require(value.compareTo(least) >= 0, "%s must be at least %d ms.".formatted(name, least.toMillis()));
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
