/** Makes sure that one process alone is at work on a run: locks, fencing token, taking over, and telling who it is. */
@NullMarked
package io.nightshift.run.claim;

import org.jspecify.annotations.NullMarked;
