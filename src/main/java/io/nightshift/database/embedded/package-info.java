/** A PostgreSQL of our own in the state directory: unpacked, set up, started, shared between processes and stopped. */
@NullMarked
package io.nightshift.database.embedded;

import org.jspecify.annotations.NullMarked;
