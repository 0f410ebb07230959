/** The books of runs: the rows that the engine writes down about each, and reads to go on with it. */
@NullMarked
package io.nightshift.run.books;

import org.jspecify.annotations.NullMarked;
