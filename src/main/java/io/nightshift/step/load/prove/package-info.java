/** Holds the files of a load against the table, row by row. */
@NullMarked
package io.nightshift.step.load.prove;

import org.jspecify.annotations.NullMarked;
