package io.nightshift.run;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How runs are continued.
 *
 * @param continueWithin how old an unfinished run may be for {@code run} to continue it without being asked
 */
@ConfigurationProperties(prefix = "nightshift.run")
record RunSettings(@DefaultValue("24h") Duration continueWithin) {}
