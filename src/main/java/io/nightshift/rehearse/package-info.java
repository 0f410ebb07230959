/** Tries chunks of a step and takes them back, and says what PostgreSQL tells of the statements of each. */
@NullMarked
package io.nightshift.rehearse;

import org.jspecify.annotations.NullMarked;
