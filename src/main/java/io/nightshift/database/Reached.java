package io.nightshift.database;

import io.nightshift.database.embedded.ServerLease;
import org.jspecify.annotations.Nullable;

/**
 * A database that has answered.
 *
 * @param version the server's major version
 * @param lease   keeps the embedded server running; none for a configured one
 */
record Reached(Target target, int version, @Nullable ServerLease lease) {}
