/** Changes rows page by page: the kind of step {@code update}. */
@NullMarked
package io.nightshift.step.update;

import org.jspecify.annotations.NullMarked;
