/** The table that rows go to, and what records are to it. */
@NullMarked
package io.nightshift.step.load.table;

import org.jspecify.annotations.NullMarked;
