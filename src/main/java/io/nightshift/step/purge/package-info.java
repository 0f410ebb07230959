/** Deletes rows with everything that hangs on them, children first: the kind of step {@code purge}. */
@NullMarked
package io.nightshift.step.purge;

import org.jspecify.annotations.NullMarked;
