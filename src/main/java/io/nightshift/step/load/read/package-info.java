/** Finds the files of a load, reads ahead in them, and deals their records to connections. */
@NullMarked
package io.nightshift.step.load.read;

import org.jspecify.annotations.NullMarked;
