/** Deletes rows page by page: the kind of step {@code delete}. */
@NullMarked
package io.nightshift.step.delete;

import org.jspecify.annotations.NullMarked;
