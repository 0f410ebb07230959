/** Fills what an older row lacks, and looks whether anything was left: the kind of step {@code backfill}. */
@NullMarked
package io.nightshift.step.backfill;

import org.jspecify.annotations.NullMarked;
