/** Starts, continues, stops and remembers runs: the only place that drives Spring Batch jobs. */
@NullMarked
package io.nightshift.run;

import org.jspecify.annotations.NullMarked;
