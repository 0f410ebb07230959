package io.nightshift.run.plan;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What a rehearsal finds fault with.
 *
 * @param scanned        a statement that reads a table from one end to the other, and so many rows of it
 * @param statementLimit a statement that takes longer, where the job has no statement-timeout
 */
@ConfigurationProperties(prefix = "nightshift.rehearse")
record RehearseSettings(@DefaultValue("100000") long scanned, @DefaultValue("10s") Duration statementLimit) {}
