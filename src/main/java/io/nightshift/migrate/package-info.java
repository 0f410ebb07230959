/** The user's schema: which migrations there are, which were applied, and applying the rest. */
@NullMarked
package io.nightshift.migrate;

import org.jspecify.annotations.NullMarked;
