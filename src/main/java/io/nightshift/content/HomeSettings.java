package io.nightshift.content;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * @param state where the embedded database, logs and locks live; a relative path is the home's
 */
@ConfigurationProperties(prefix = "nightshift")
record HomeSettings(@DefaultValue(".nightshift") String state) {}
