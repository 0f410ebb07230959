package io.nightshift.run;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How runs are continued.
 *
 * @param continueWithin how old an unfinished run may be for {@code run} to continue it without being asked
 * @param retries        how many new attempts follow one that failed for a reason that may pass: a deadlock, a lock or
 *                       statement time-out, a lost connection
 * @param retryFirst     the wait before the first of them; it doubles, with some chance in it
 * @param retryLongest   the longest wait
 */
@ConfigurationProperties(prefix = "nightshift.run")
record RunSettings(
        @DefaultValue("24h") Duration continueWithin,
        @DefaultValue("5") int retries,
        @DefaultValue("200ms") Duration retryFirst,
        @DefaultValue("30s") Duration retryLongest) {}
