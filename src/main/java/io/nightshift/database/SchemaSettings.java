package io.nightshift.database;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where our own tables are.
 *
 * @param schema the schema of our own tables; two teams on one database have two
 */
@ConfigurationProperties(prefix = "nightshift")
record SchemaSettings(@DefaultValue("nightshift") String schema) {

    SchemaSettings {
        // Plain names only: the name becomes part of other names (table prefixes, scheduler, locks) unquoted.
        if (!schema.matches("[a-z_][a-z0-9_]{0,50}") || schema.startsWith("pg_") || schema.equals("public")) {
            throw new IllegalArgumentException(
                    "\"%s\" cannot be the schema of our own tables. Use lower-case letters, digits and _ only, 50 at most; not public, not pg_..."
                            .formatted(schema));
        }
    }
}
