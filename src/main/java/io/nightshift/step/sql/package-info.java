/** One statement, one chunk: the kind of step {@code sql}. */
@NullMarked
package io.nightshift.step.sql;

import org.jspecify.annotations.NullMarked;
