/** The connection: an embedded or a configured PostgreSQL, its sessions, its pool, and our own tables in it. */
@NullMarked
package io.nightshift.database;

import org.jspecify.annotations.NullMarked;
