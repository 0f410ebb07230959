/** Tries the open rejects of a run again, and no other row. */
@NullMarked
package io.nightshift.run.replay;

import org.jspecify.annotations.NullMarked;
