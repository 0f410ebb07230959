/** Rebuilds time windows and writes what a statement selects from them: the kind of step {@code report}. */
@NullMarked
package io.nightshift.step.report;

import org.jspecify.annotations.NullMarked;
