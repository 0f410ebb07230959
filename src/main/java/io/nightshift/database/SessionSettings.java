package io.nightshift.database;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What bounds a session.
 *
 * @param searchPath               schemas of the user's tables, the first one receives the migrations
 * @param lockTimeout              how long a statement waits for a lock
 * @param idleInTransactionTimeout after what silence the server ends a session with an open transaction
 * @param connectTimeout           how long to wait for a server to answer at all
 * @param socketTimeout            how long to wait for any answer, long statements included; 0 is for ever
 */
@ConfigurationProperties(prefix = "nightshift.database")
record SessionSettings(
        @DefaultValue("public") String searchPath,
        @DefaultValue("30s") Duration lockTimeout,
        @DefaultValue("5m") Duration idleInTransactionTimeout,
        @DefaultValue("10s") Duration connectTimeout,
        @DefaultValue("0s") Duration socketTimeout) {

    SessionSettings {
        for (Duration duration :
                new Duration[] {lockTimeout, idleInTransactionTimeout, connectTimeout, socketTimeout}) {
            if (duration.isNegative()) {
                throw new IllegalArgumentException("a time-out of %s is not possible.".formatted(duration));
            }
        }
        SearchPath.of(searchPath);
    }
}
