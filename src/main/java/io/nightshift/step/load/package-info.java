/** Records of files go into a table: the kind of step {@code load}. */
@NullMarked
package io.nightshift.step.load;

import org.jspecify.annotations.NullMarked;
