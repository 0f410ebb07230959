package io.nightshift.run.attempt;

import io.nightshift.job.JobDefinition;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How runs are continued.
 *
 * @param continueWithin how old an unfinished run may be for {@code run} to continue it without being asked
 * @param retries        how many new attempts follow one that failed for a reason that may pass, a deadlock, a lock or
 *                       statement time-out, a lost connection, without a chunk committed in between
 * @param retryFirst     the wait before the first of them; it doubles, with some chance in it
 * @param retryLongest   the longest wait
 */
@ConfigurationProperties(prefix = "nightshift.run")
public record RunSettings(
        @DefaultValue("24h") Duration continueWithin,
        @DefaultValue("5") int retries,
        @DefaultValue("200ms") Duration retryFirst,
        @DefaultValue("30s") Duration retryLongest) {

    /** These, where the job says nothing of its own. */
    RunSettings with(JobDefinition.Retries own) {
        return new RunSettings(
                continueWithin,
                own.most().orElse(retries),
                own.first().orElse(retryFirst),
                own.longest().orElse(retryLongest));
    }
}
