package io.nightshift.database;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Which database is worked on.
 *
 * @param embedded     whether the embedded server is used whatever else is set
 * @param url          the database, as postgresql://role@host:port/database or jdbc:postgresql:...
 * @param username     the role, where the URL names none
 * @param password     the password; better is an environment variable or a file
 * @param passwordFile a file that holds the password and that nobody else can read
 */
@ConfigurationProperties(prefix = "nightshift.database")
record DatabaseSettings(
        @DefaultValue("false") boolean embedded,
        @DefaultValue("") String url,
        @DefaultValue("") String username,
        @DefaultValue("") String password,
        @DefaultValue("") String passwordFile) {

    /** Without the password. */
    @Override
    public String toString() {
        return "DatabaseSettings[embedded=%s, username=%s, passwordFile=%s]"
                .formatted(embedded, username, passwordFile);
    }
}
