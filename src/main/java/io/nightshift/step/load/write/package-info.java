/** Brings pages of records into the table, and finds the rows that it refuses. */
@NullMarked
package io.nightshift.step.load.write;

import org.jspecify.annotations.NullMarked;
