package io.nightshift.run;

import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * @param continueWithin how old an unfinished run may be for {@code run} to continue it without being asked
 */
record RunSettings(@DefaultValue("24h") Duration continueWithin) {}
